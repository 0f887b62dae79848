import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium, noChromium } from './chromium.ts'
import { PageServer } from './page-server.ts'

/** A page without a bundler: the package as it is built, found by an import map. */
const page = (imports: Record<string, string>): string => `<!doctype html><title>Heddle</title>
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">
  import * as heddle from 'heddle'
  import * as strategies from 'heddle/strategies'
  Object.assign(window, { heddle, strategies, programs: await import('/programs.js') })
</script>`

const HEDDLE = { heddle: '/dist/index.js', 'heddle/strategies': '/dist/strategies/index.js' }
const FAKE_TIMERS = { '@sinonjs/fake-timers': '/fake-timers.js' }

/** One lost update, by each front end; and one that needs the page's own timers on virtual time. */
const PROGRAMS = `
  import { gather, Lock, pause, sleep } from 'heddle'
  const check = (n) => { if (n !== 2) throw new Error('lost update: ' + n) }

  export async function native() {
    let n = 0
    const increment = async () => { const before = n; await pause('load'); n = before + 1 }
    await Promise.all([increment(), increment()])
    check(n)
  }
  export function* generators() {
    let n = 0
    function* increment() { const before = n; yield* pause('load'); n = before + 1 }
    yield* gather([increment(), increment()])
    check(n)
  }
  export async function fixed() {
    let n = 0
    const lock = new Lock()
    const increment = () => lock.with(async () => { const before = n; await pause('load'); n = before + 1 })
    await gather([increment(), increment()])
    check(n)
  }
  export async function timers() {
    let n = 0
    const start = Date.now()
    const increment = async (ms) => { const before = n; await new Promise((r) => setTimeout(r, ms)); n = before + 1 }
    await Promise.all([increment(3_599_000), sleep(3600).then(() => increment(1))])
    if (Date.now() - start !== 3_600_001) throw new Error('the clock of the page')
    check(n)
  }
`

interface Said {
  readonly message: string
  readonly replayed: string
  readonly schedules: number
  readonly exhausted: boolean
  readonly token: string
}

describe.skipIf(noChromium !== null)('a plain page in Chromium', () => {
  let browser: Browser
  let bare: PageServer
  let mapped: PageServer
  beforeAll(async () => {
    browser = await launchChromium()
    bare = await PageServer.open({ '/': page(HEDDLE), '/programs.js': PROGRAMS })
    mapped = await PageServer.open({
      '/': page({ ...HEDDLE, ...FAKE_TIMERS }),
      '/programs.js': PROGRAMS,
      '/fake-timers.js': await forPages('@sinonjs/fake-timers', 'install'),
    })
  })
  afterAll(async () => {
    await browser?.close()
    await bare?.close()
    await mapped?.close()
  })

  /** Explores one of the programs in the page, and replays what it found. */
  async function explored(server: PageServer, program: string, options: object): Promise<Said> {
    const tab = await browser.newPage()
    const complaints: string[] = []
    tab.on('pageerror', (e) => complaints.push(e.message))
    try {
      await tab.goto(server.url)
      await tab.waitForFunction('window.programs !== undefined', undefined, { timeout: 20_000 })
      const said = await tab.evaluate(
        `(async () => {
          const body = programs[${JSON.stringify(program)}]
          const options = ${JSON.stringify(options)}
          const report = await heddle.check(body, options)
          const again = report.failure && (await heddle.replay(body, report.failure.token, options))
          return {
            message: report.failure ? String(report.failure.error.message) : '',
            replayed: again ? String(again.failure?.error.message) : '',
            schedules: report.schedules, exhausted: report.exhausted, token: report.failure?.token ?? '',
          }
        })()`,
      )
      expect(complaints).toEqual([])
      return said as Said
    } finally {
      await tab.close()
    }
  }

  test('finds and replays a race of generators', async () => {
    const said = await explored(bare, 'generators', {})
    expect(said).toMatchObject({ message: 'lost update: 1', replayed: 'lost update: 1' })
  })

  test('finds and replays a race of native async functions', async () => {
    const said = await explored(bare, 'native', { globals: false })
    expect(said).toMatchObject({ message: 'lost update: 1', replayed: 'lost update: 1' })
  })

  test('all orders of the fixed code pass, which is a proof there too', async () => {
    expect(await explored(bare, 'fixed', { globals: false })).toMatchObject({ message: '', exhausted: true })
  })

  test('says what is missing where native code needs the clock', async () => {
    await expect(explored(bare, 'native', {})).rejects.toThrow('@sinonjs/fake-timers can\'t be loaded')
  })

  test('all of that without one request beyond the package and the page', () => {
    expect(bare.asked.filter((path) => !path.startsWith('/dist/') && !['/', '/programs.js', '/favicon.ico'].includes(path))).toEqual([])
    expect(bare.asked).not.toContain('/dist/world/node.js')
  })

  test('with fake-timers in the import map, the page’s setTimeout and Date are on virtual time', async () => {
    const said = await explored(mapped, 'timers', {})
    expect(said).toMatchObject({ message: '', exhausted: true })
    expect(await explored(mapped, 'native', {})).toMatchObject({ message: 'lost update: 1', replayed: 'lost update: 1' })
  })
})

/** A CommonJS package as one ES module, as a page's import map wants it. */
async function forPages(name: string, ...names: string[]): Promise<string> {
  const entry = '\0entry'
  const bundle = await rolldown({
    input: entry,
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    platform: 'browser',
    external: ['timers', 'timers/promises', 'perf_hooks', 'util'],
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? `export { ${names.join(', ')} } from '${name}'` : null),
      },
    ],
    logLevel: 'silent',
  })
  const { output } = await bundle.generate({ format: 'es' })
  return output[0].code
}
