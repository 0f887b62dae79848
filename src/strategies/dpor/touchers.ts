import { type AccessKind, WRITE } from './step.ts'

/** Who has touched each object in an execution, in order. The lists keep their room from one execution to the next. */
export class Touchers {
  readonly #steps: number[][] = []
  readonly #counts: number[] = []
  readonly #withWrite: number[] = []

  /** Begins with nobody, and room for so many objects. */
  restart(objects: number): void {
    while (this.#steps.length < objects) {
      this.#steps.push([])
      this.#counts.push(0)
      this.#withWrite.push(0)
    }
    this.#counts.fill(0)
    this.#withWrite.fill(0)
  }

  add(object: number, step: number, kind: AccessKind): void {
    const n = this.#counts[object] as number
    const steps = this.#steps[object] as number[]
    steps[n] = step
    this.#counts[object] = n + 1
    if (kind === WRITE) this.#withWrite[object] = n + 1
  }

  /** How many have touched the object. */
  count(object: number): number {
    return this.#counts[object] ?? 0
  }

  /** The number of the step that touched it as number `k`, from 0. */
  at(object: number, k: number): number {
    return (this.#steps[object] as number[])[k] as number
  }

  /** How many had touched it with the last write; 0: nobody wrote. */
  withLastWrite(object: number): number {
    return this.#withWrite[object] as number
  }
}
