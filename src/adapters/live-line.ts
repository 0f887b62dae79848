const NEWLINE = 0x0a

/** An output of the process, to which others write as well. */
type Stream = NodeJS.WriteStream

/**
 * One line at the bottom of a terminal, written over and over. What others write to the process's output in between goes above it:
 * the line is taken away first, and is there again when it is shown next.
 */
export class LiveLine {
  readonly #out: Stream
  readonly #write: Stream['write']
  readonly #watched: readonly Stream[]
  #shown = false
  /** Others have left a line unfinished, which must not be written over. */
  #open = false

  /** @param others the outputs that show on the same terminal */
  constructor(out: Stream = process.stderr, others: readonly Stream[] = [process.stdout]) {
    this.#out = out
    this.#write = out.write
    this.#watched = [out, ...others]
    for (const stream of this.#watched) this.#watch(stream)
  }

  /** Whether nobody else has taken the output over: two who write over lines write over each other's. */
  static isFree(streams: readonly Stream[] = [process.stderr, process.stdout]): boolean {
    return streams.every((stream) => !Object.hasOwn(stream, 'write'))
  }

  show(text: string): void {
    if (this.#open) return
    this.#own(`\r${text}\u001B[K`)
    this.#shown = text !== ''
  }

  /** Takes the line away for good. */
  end(): void {
    this.#clear()
    // Their own `write` is their prototype's.
    for (const stream of this.#watched) Reflect.deleteProperty(stream, 'write')
  }

  #clear(): void {
    if (this.#shown) this.#own('\r\u001B[K')
    this.#shown = false
  }

  #own(text: string): void {
    Reflect.apply(this.#write, this.#out, [text])
  }

  #watch(stream: Stream): void {
    stream.write = new Proxy(stream.write, {
      apply: (target, self, args: Parameters<Stream['write']>) => {
        this.#clear()
        const [chunk] = args
        if (chunk.length > 0) this.#open = typeof chunk === 'string' ? !chunk.endsWith('\n') : chunk.at(-1) !== NEWLINE
        return Reflect.apply(target, self, args) as boolean
      },
    })
  }
}
