/**
 * The floor under exact control of native `async` code: tasks that await a thenable, one of which is resumed at random, and a
 * macrotask after each step because nothing less tells when native code has come to rest.
 */
export function bareNativeSteps(tasks: number, steps: number): Promise<void> {
  const ready: (() => void)[] = []
  const gate: PromiseLike<void> = {
    then<A>(resume?: ((value: void) => A | PromiseLike<A>) | null): Promise<A> {
      ready.push(() => void resume?.())
      return never
    },
  }
  const spin = async (): Promise<void> => {
    for (let i = 0; i < steps; i++) await gate
  }
  for (let t = 0; t < tasks; t++) void spin()
  return new Promise((resolve) => {
    const turn = (): void => {
      if (ready.length === 0) {
        resolve()
        return
      }
      const k = Math.floor(Math.random() * ready.length)
      ready.splice(k, 1)[0]?.()
      setImmediate(turn)
    }
    setImmediate(turn)
  })
}

/** `await` looks at no return value of `then`. */
const never = new Promise<never>(() => {})
