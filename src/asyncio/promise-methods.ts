/**
 * What promises have beside `then`. Much code calls these on whatever it is given: `job().finally(done)`.
 *
 * @example
 * ```ts
 * let writing = 1
 * pause('write').finally(() => writing--)
 * ```
 *
 * Futures and `sleep(0)`, of which each schedule makes some, have their own: a base class costs every object that is made.
 */
export abstract class PromiseMethods<T> {
  abstract then<A = T, B = never>(
    onResult?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B>

  catch<B = never>(onError?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(null, onError)
  }

  finally(onSettled?: (() => void) | null): Promise<T> {
    return this.then().finally(onSettled)
  }
}
