import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FailureFile } from '../../src/explore/failure-file.ts'
import { check, createTask, Lock, pause, sleep, wait } from '../../src/index.ts'
import { failureHtml } from '../../src/report/html/failure-html.ts'
import { launchChromium, noChromium } from './chromium.ts'
import { failing, passing, press, selected } from './viewer-page.ts'

/** `b` waits for the lock that `a` holds; then the body fails. */
async function handOver(): Promise<FailureFile> {
  const { failure } = await check(
    async () => {
      const lock = new Lock({ name: 'l' })
      const a = createTask(() => lock.with(() => sleep(1)), { name: 'a' })
      const b = createTask(() => lock.with(() => {}), { name: 'b' })
      await wait([a, b])
      throw new Error('the end')
    },
    { strategy: 'fifo' },
  )
  return failure?.file as FailureFile
}

describe.skipIf(noChromium !== null)(`who woke whom, in Chromium${noChromium === null ? '' : ` (skipped: ${noChromium})`}`, () => {
  let browser: Browser
  let folder: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'heddle-wakes-'))
    browser = await launchChromium()
  })

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(file: FailureFile): Promise<Page> {
    const path = join(folder, 'page.html')
    writeFileSync(path, failureHtml(file))
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(pathToFileURL(path).href)
    await page.waitForSelector('main')
    return page
  }

  const arrows = (page: Page): Promise<string[]> =>
    failing(page)
      .locator('.wakes path')
      .evaluateAll((all) => all.map((p) => `${p.getAttribute('data-from')}-${p.getAttribute('data-to')} ${p.getAttribute('class')}`))

  test('arrows lead to the selected step and from it, between the boxes of their rows', async () => {
    const file = await handOver()
    const labels = file.failing.steps.map((s) => `${s.task} ${s.label}`)
    const [from, to] = [labels.indexOf('a sleep(1)'), labels.indexOf("b Lock 'l'")]
    expect([from, to].every((i) => i > 0)).toBe(true)
    const page = await open(file)
    await press(page, 'Home', ...Array.from({ length: to }, () => 'ArrowRight'))
    expect(await selected(failing(page))).toBe(String(to))
    expect(await arrows(page)).toContain(`${from}-${to} in`)
    const ends = await failing(page)
      .locator(`.wakes path[data-to="${to}"]`)
      .evaluate((path) => {
        const line = path as SVGPathElement
        return [0, line.getTotalLength()].map((length) => {
          const { x, y } = line.getPointAtLength(length).matrixTransform(line.getScreenCTM() ?? new DOMMatrix())
          return { x, y }
        })
      })
    for (const [i, row] of [from, to].entries()) {
      const box = await failing(page).locator(`[role=option][data-row="${row}"] .box`).boundingBox()
      const end = ends[i]
      expect(box && end && end.y > box.y && end.y < box.y + box.height, `end ${i}`).toBe(true)
      expect(box && end && end.x > box.x - 6 && end.x < box.x + box.width + 6, `end ${i}`).toBe(true)
    }
    await press(page, 'ArrowLeft')
    expect(await arrows(page)).toContain(`${from}-${to} out`)
  })

  test('the inspector says what was done, and leads to the step that did it', async () => {
    const file = await handOver()
    const to = file.failing.steps.findIndex((s) => s.task === 'b' && s.label === "Lock 'l'")
    const page = await open(file)
    await press(page, 'Home', ...Array.from({ length: to }, () => 'ArrowRight'))
    const woken = page.locator('.inspector .woken')
    expect(await woken.textContent()).toMatch(/^Made ready by step \d+: a releases Lock 'l'/)
    await woken.getByRole('button').click()
    expect(await selected(failing(page))).toBe(String(to - 1))
    expect(await page.locator('.inspector p.wakes').textContent()).toContain(`step ${to + 1} (b)`)
  })

  test('under the pointer there are arrows too, and none when it has left', async () => {
    const page = await open(await handOver())
    await press(page, 'End')
    expect(await arrows(page)).toEqual([])
    await failing(page).locator('[role=option][data-row="1"]').hover()
    expect(await arrows(page)).toContain('0-1 in')
    expect(await page.locator('.tooltip').textContent()).toContain('made ready by step 1: Task-1 starts it')
    await page.locator('h1').hover()
    expect(await arrows(page)).toEqual([])
  })

  test('where a cancellation makes the difference, each schedule is marked at its own row', async () => {
    const { failure } = await check(
      async () => {
        const lock = new Lock({ name: 'ledger' })
        const writer = async (): Promise<void> => {
          await lock.acquire()
          await pause('write')
          lock.release()
        }
        await wait([createTask(writer, { name: 'writer' })])
      },
      { cancel: 'writer' },
    )
    const page = await open(failure?.file as FailureFile)
    expect(await failing(page).locator('[role=option].differs').textContent()).toBe('cancel writer at write')
    expect(await selected(failing(page))).toBe(await failing(page).locator('[role=option].differs').getAttribute('data-row'))
    expect(await passing(page).locator('[role=option].differs').textContent()).toBe('start')
    const options = page.locator('.inspector li')
    expect(await options.filter({ hasText: 'passes' }).textContent()).toContain('no cancel of writer at write')
    expect(await options.filter({ hasText: 'picked' }).textContent()).toContain('cancel writer at write')
  })

  test('every step of the failing schedule leads to its lines of code', async () => {
    const page = await open(await handOver())
    const places = await page.evaluate(() => JSON.parse(document.getElementById('page')?.textContent ?? '').places)
    expect(places.length).toBeGreaterThan(2)
    expect(places.filter((p: { frame?: string }) => p.frame === undefined)).toEqual([])
  })
})
