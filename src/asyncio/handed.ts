/** Something that will be over; `whenOver` calls back then, at once if it is already. */
export interface Ending {
  whenOver(callback: () => void): void
}

const OVER: Ending = { whenOver: (callback) => callback() }

/**
 * @internal What `then` returns to an `await`, which throws it away. There are as many as there are steps, so it is a
 * promise only in what it does: the native one is made when somebody looks.
 */
class Handed<T> implements Promise<T> {
  readonly #ending: Ending

  constructor(ending: Ending) {
    this.#ending = ending
  }

  get [Symbol.toStringTag](): string {
    return 'Promise'
  }

  then<A = T, B = never>(
    onResult?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#promise().then(onResult, onError)
  }

  catch<B = never>(onError?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.#promise().catch(onError)
  }

  finally(onSettled?: (() => void) | null): Promise<T> {
    return this.#promise().finally(onSettled)
  }

  #promise(): Promise<T> {
    // What an await gives to `then` returns nothing, whatever its type.
    return new Promise((resolve) => this.#ending.whenOver(() => resolve(undefined as T)))
  }
}

// As for any promise, `instanceof` says what it is.
Object.setPrototypeOf(Handed.prototype, Promise.prototype)

/** @internal For an outcome that comes with `ending`; without one it has come. */
export function handed<T>(ending: Ending = OVER): Promise<T> {
  return new Handed(ending)
}
