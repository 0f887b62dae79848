import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.html': 'text/html' }

/** A plain page on localhost: the files given here by their paths, and the built package under /dist. */
export class PageServer {
  readonly #server: Server
  /** What was asked for, in that order. */
  readonly asked: string[] = []

  private constructor(files: Readonly<Record<string, string>>) {
    this.#server = createServer(({ url = '/' }, response) => {
      const path = new URL(url, 'http://localhost').pathname
      this.asked.push(path)
      const text = files[path] ?? built(path)
      const type = TYPES[extname(path)] ?? 'text/html'
      response.writeHead(text === null ? 404 : 200, { 'content-type': `${type}; charset=utf-8` }).end(text ?? '')
    })
  }

  static async open(files: Readonly<Record<string, string>>): Promise<PageServer> {
    const page = new PageServer(files)
    await new Promise<void>((resolve) => page.#server.listen(0, '127.0.0.1', resolve))
    return page
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

function built(path: string): string | null {
  if (!/^\/dist\/[\w/.-]+\.js$/.test(path) || path.includes('..')) return null
  try {
    return readFileSync(`${root}${path.slice(1)}`, 'utf8')
  } catch {
    return null
  }
}
