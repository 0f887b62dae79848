import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FailureFile } from '../../src/explore/failure-file.ts'
import { check, gather, pause, shared } from '../../src/index.ts'
import { failureHtml } from '../../src/report/html/failure-html.ts'
import { launchChromium, noChromium } from './chromium.ts'
import { contrasts } from './contrast.ts'
import { failureFileOf, longFile, stepRecord } from '../support/failure-files.ts'
import { bank, deadlock } from './viewer-files.ts'
import { failing, passing, press, selected, slider } from './viewer-page.ts'

describe.skipIf(noChromium !== null)(`the viewer in Chromium${noChromium === null ? '' : ` (skipped: ${noChromium})`}`, () => {
  let browser: Browser
  let folder: string
  let opened = 0
  const wrong: string[] = []
  const requests: string[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'heddle-viewer-'))
    browser = await launchChromium()
  })

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(file: FailureFile, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    const path = join(folder, `${++opened}.html`)
    writeFileSync(path, failureHtml(file))
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options })
    wrong.length = 0
    requests.length = 0
    page.on('pageerror', (e) => wrong.push(e.message))
    page.on('console', (m) => wrong.push(m.text()))
    page.on('dialog', (d) => {
      wrong.push(`dialog: ${d.message()}`)
      void d.dismiss()
    })
    page.on('request', (r) => requests.push(r.url()))
    await page.goto(pathToFileURL(path).href)
    await page.waitForSelector('main')
    expect(wrong).toEqual([])
    return page
  }

  test('a failure as it was found opens with its neighbour, its values and its lines of code', async () => {
    const { failure } = await check(
      async () => {
        const seats = shared(1, 'seats')
        const buy = async (who: string): Promise<void> => {
          if (seats.value < 1) return
          await pause(`pay ${who}`)
          seats.value -= 1
        }
        await gather([() => buy('anna'), async () => buy('bert')])
        if (seats.value < 0) throw new Error('sold twice')
      },
      { name: 'one seat' },
    )
    const file = failure?.file
    expect(file?.passing).toBeDefined()
    if (file?.passing === undefined) return
    const page = await open(file)
    expect(await page.locator('h1').textContent()).toBe('Error: sold twice')
    expect(await page.locator('.difference').textContent()).toContain(file.passing.words)
    const value = page.getByRole('region', { name: 'Shared values' }).locator('tbody td').first()
    await press(page, 'End')
    expect(await value.textContent()).toBe('-1')
    expect(await passing(page).locator('[aria-selected=true]').textContent()).toContain('passes')
    const last = file.failing.values.findLast((v) => v.kind === 'write')
    const row = new Set(file.failing.steps.slice(0, (last?.entry ?? 0) + 1).map((s) => s.step)).size - 1
    await slider(page).fill(String(row))
    expect(await value.textContent()).toBe('-1written')
    expect(await page.locator('.inspector .place').first().textContent()).toMatch(/^viewer\.spec\.ts:\d+:\d+/)
  })

  test('loads nothing but itself, and could not', async () => {
    const page = await open(bank)
    await press(page, 'Home', 'End', 't', 'n', '?', 'Escape')
    await failing(page).locator('.row').first().hover()
    expect(requests).toEqual([page.url()])
    const blocked = await page.evaluate(async () => {
      const violations: string[] = []
      const three = new Promise<void>((done) => {
        document.addEventListener('securitypolicyviolation', (e) => {
          if (violations.push(e.effectiveDirective) === 3) done()
        })
      })
      await fetch('http://127.0.0.1:9/').catch(() => undefined)
      const image = document.createElement('img')
      image.src = 'http://127.0.0.1:9/x.gif'
      const script = document.createElement('script')
      script.textContent = 'document.title = "taken"'
      document.body.append(image, script)
      await three
      return [violations.map((v) => v.replace(/-(elem|attr)$/, '')).toSorted(), document.title]
    })
    expect(blocked).toEqual([['connect-src', 'img-src', 'script-src'], 'Error: lost update: 1 – Heddle'])
  })

  test('a column a task, a row a step; the switch and the pick that differs are marked', async () => {
    const page = await open(bank)
    expect(await failing(page).locator('.lane-name').allTextContents()).toEqual(['main', 'save', 'load'])
    const rows = failing(page).getByRole('option')
    expect(await rows.count()).toBe(6)
    expect(await rows.nth(3).getAttribute('aria-label')).toBe('step 4 at 1.5 s, save: log in')
    expect(await failing(page).locator('[role=option].switch').evaluateAll((r) => r.map((x) => x.getAttribute('data-row')))).toEqual(['2'])
    for (const list of [failing(page), passing(page)]) {
      expect(await list.locator('[role=option].differs').evaluateAll((r) => r.map((x) => x.getAttribute('data-row')))).toEqual(['2'])
    }
    // Boxes stand under the name of their lane.
    const box = await rows.nth(1).locator('.box').boundingBox()
    const name = await failing(page).locator('.lane-name').nth(1).boundingBox()
    expect(box && name && box.x >= name.x && box.x + box.width <= name.x + name.width).toBe(true)
  })

  test('opens at the pick that differs, and says what makes the neighbour pass', async () => {
    const page = await open(bank)
    expect(await selected(failing(page))).toBe('2')
    expect(await page.locator('.difference').textContent()).toContain('passes if `log in` completes before `load` starts')
    const picks = page.locator('.inspector li')
    expect(await picks.nth(1).textContent()).toContain('picked')
    expect(await picks.nth(0).textContent()).toContain('passes')
  })

  test('the slider steps both schedules, from the first row to the end', async () => {
    const page = await open(bank)
    const [min, max] = [await slider(page).getAttribute('min'), await slider(page).getAttribute('max')]
    expect([min, max]).toEqual(['0', '5'])
    for (let row = 0; row <= 5; row++) {
      await slider(page).fill(String(row))
      expect(await selected(failing(page))).toBe(String(row))
      expect(await selected(passing(page))).toBe(String(Math.min(row, 4)))
    }
    expect(await slider(page).getAttribute('aria-valuetext')).toBe('fails: Error: lost update: 1')
    await slider(page).fill('3')
    expect(await slider(page).getAttribute('aria-valuetext')).toBe('step 4 at 1.5 s, save: log in')
  })

  test('shows what the shared values held at each step, and which was written', async () => {
    const page = await open(bank)
    const cells = page.getByRole('region', { name: 'Shared values' }).locator('tbody td')
    const expected = [
      ['–', '–'],
      ['100read', '100read'],
      ['150written', '90written'],
      ['90written', '140written'],
      ['90', '140'],
    ]
    for (const [row, values] of expected.entries()) {
      await slider(page).fill(String(row))
      expect(await cells.allTextContents()).toEqual(values)
      const differs = await cells.evaluateAll((all) => all.map((c) => c.classList.contains('differs')))
      expect(differs).toEqual([row >= 2, row >= 2])
    }
  })

  test('keys step, jump and help; what scrolls by itself keeps its own', async () => {
    const page = await open(bank)
    const after = async (...keys: string[]): Promise<string | null> => {
      await press(page, ...keys)
      return selected(failing(page))
    }
    expect(await after('Home')).toBe('0')
    expect(await after('ArrowRight', 'ArrowDown')).toBe('2')
    expect(await after('ArrowLeft', 'ArrowUp', 'ArrowUp')).toBe('0')
    expect(await after('n')).toBe('2')
    expect(await after('End')).toBe('5')
    expect(await after('ArrowRight')).toBe('5')
    expect(await after('p')).toBe('2')
    expect(await after('PageDown')).toBe('5')
    expect(await after('d')).toBe('2')
    const dialog = page.getByRole('dialog', { name: 'Help' })
    await press(page, '?')
    expect(await dialog.isVisible()).toBe(true)
    expect(await after('ArrowRight')).toBe('2')
    await press(page, 'Escape')
    expect(await dialog.isVisible()).toBe(false)
    await page.locator('.code pre').focus()
    expect(await after('ArrowRight')).toBe('2')
    await slider(page).focus()
    expect(await after('ArrowRight')).toBe('3')
  })

  test('a click selects the row and shows its line of code; hovering shows what the box cuts off', async () => {
    const page = await open(bank)
    await press(page, 'Home')
    await failing(page).getByRole('option').nth(2).click()
    expect(await selected(failing(page))).toBe('2')
    const code = page.locator('.inspector .code').first()
    expect(await code.locator('.place').textContent()).toBe('bank.ts:14:9 in withdraw')
    expect(await code.locator('.here').textContent()).toContain('14 |   await pause()')
    const row = failing(page).getByRole('option').nth(2)
    expect(await row.locator('text').textContent()).toMatch(/…$/)
    await row.hover()
    const tip = page.getByRole('tooltip')
    expect(await tip.textContent()).toContain('a label that is far too long to be shown in its box')
    expect(await tip.textContent()).toContain('pick 2 of 2')
    await page.locator('h1').hover()
    expect(await tip.isVisible()).toBe(false)
  })

  test('says where steps were not kept, and which are repeated', async () => {
    const failingRecord = { ...longFile(40, 3).failing, omitted: { entry: 12, count: 94000 } }
    const page = await open({ ...failureFileOf(), failing: failingRecord, repeats: { entry: 15, length: 4, times: 20 } })
    const repeated = failing(page).locator('[role=option].repeated')
    expect(await repeated.evaluateAll((r) => r.map((x) => x.getAttribute('data-row')))).toEqual(['15', '16', '17', '18'])
    expect(await selected(failing(page))).toBe('15')
    await slider(page).fill('12')
    expect(await page.locator('.inspector').textContent()).toContain('94000 steps before this one were not kept')
  })

  test('the wait-for graph has a box a task and marks the cycle', async () => {
    const page = await open(deadlock)
    const graph = page.getByRole('region', { name: 'Wait-for graph' })
    expect(await graph.locator('.node .task').allTextContents()).toEqual(['left', 'right', 'main'])
    expect(await graph.locator('.node.cycle').count()).toBe(2)
    expect(await graph.locator('.edge.cycle title').allTextContents()).toEqual(['left waits for right', 'right waits for left'])
    expect(await graph.locator('.edge.plain title').allTextContents()).toEqual(['main waits for left'])
    expect(await page.locator('.waits > p').textContent()).toBe('left waits for lock b, held up by right; right waits for lock a, held up by left')
    const cells = page.getByRole('region', { name: 'Waiting tasks' }).locator('tbody tr').first().locator('th, td')
    expect(await cells.allTextContents()).toEqual(['left', 'lock b', 'right', 'lock a', 'bank.ts:14:9 in withdraw', '–'])
    expect(await page.locator('.wait-table .here').textContent()).toContain('await pause()')
    // Boxes stand apart.
    const boxes = await graph.locator('.node rect').evaluateAll((all) => all.map((r) => {
        const { left, right, top, bottom } = r.getBoundingClientRect()
        return { left, right, top, bottom }
      }))
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) expect(a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top).toBe(true)
    }
  })

  test.each(['light', 'dark'] as const)('%s colours as the system says, every text readable in both', async (colorScheme) => {
    for (const file of [bank, deadlock]) {
      const page = await open(file, { colorScheme })
      const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      const first = await ground()
      await press(page, 'd')
      expect(await page.evaluate(contrasts)).toEqual([])
      await press(page, 't')
      expect(await ground()).not.toBe(first)
      expect(await page.evaluate(contrasts)).toEqual([])
      await page.getByRole('button', { name: `${colorScheme === 'dark' ? 'Dark' : 'Light'} colours` }).click()
      expect(await ground()).toBe(first)
      await page.close()
    }
    const [light, dark] = await Promise.all(
      (['light', 'dark'] as const).map(async (scheme) => {
        const page = await open(bank, { colorScheme: scheme })
        return page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      }),
    )
    expect(light).not.toBe(dark)
  })

  test('text of the program stays text, wherever it stands', async () => {
    const evil = `</script><img src=x onerror="document.title='taken'"><!--<script>document.title='taken'</script>\u2028"'\`\${1}&lt; \ud800`
    const where = { file: evil, line: 1, function: evil }
    const steps = [
      stepRecord(1, { task: evil, label: evil, at: where, preemption: true, choice: { pick: 0, count: 2, options: [evil, '__proto__'] } }),
      stepRecord(2, { task: '__proto__', lane: 2, label: '__proto__' }),
      stepRecord(3, { task: 'constructor', lane: 3, label: 'constructor' }),
    ]
    const values = ['__proto__', 'constructor', evil].map((name, entry) => ({ entry, name, kind: 'write' as const, value: evil }))
    const schedule = { token: evil, steps, values }
    const wait = { task: evil, waitsFor: evil, blockedBy: ['__proto__'], holds: [evil], waitsAt: where }
    const page = await open({
      ...failureFileOf(),
      name: evil,
      error: { name: evil, message: evil, stack: evil },
      strategy: evil,
      failing: schedule,
      passing: { ...schedule, words: evil, entry: 0 },
      waits: [wait, { ...wait, task: '__proto__', blockedBy: [evil] }],
      cycle: [evil, '__proto__'],
      frames: [{ at: where, text: evil }],
    })
    for (const key of ['Home', 'ArrowRight', 'ArrowRight', 'End', 'Home']) {
      await press(page, key)
      expect(await page.locator('img, body script:not(#page):not(:last-of-type), iframe').count()).toBe(0)
    }
    await failing(page).getByRole('option').first().hover()
    expect(await page.getByRole('tooltip').locator('strong').textContent()).toContain('</script><img src=x onerror=')
    expect(await page.locator('h1').textContent()).toContain('</script><img src=x onerror=')
    expect(await page.locator('.inspector .place').first().textContent()).toContain('</script><img')
    expect(await page.locator('.graph .task').first().textContent()).toContain('</script><img')
    expect(await page.locator('.values tbody th').allTextContents()).toContain('__proto__')
    expect(await page.title()).toContain('</script>')
    expect(wrong).toEqual([])
    expect(requests).toEqual([page.url()])
  })

  test('the token and the replay line are copied as they are', async () => {
    const page = await open(bank)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: 'Copy the token' }).click()
    await expect.poll(() => page.getByRole('status').textContent()).toBe('token copied')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('H1-abc')
    await page.getByRole('button', { name: 'Copy the replay' }).click()
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(
      'HEDDLE_REPLAY=H1-abc npm test  # this schedule alone in "two deposits"',
    )
  })

  test('a step costs the same in 2,000 steps as in 200, and only what is in sight exists', async () => {
    const costs: number[] = []
    for (const steps of [200, 2000]) {
      const page = await open(longFile(steps, 6))
      const seen = await page.evaluate(async () => {
        let changes = 0
        const watcher = new MutationObserver((records) => (changes += records.length))
        watcher.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
        const input = document.querySelector('input[type=range]') as HTMLInputElement
        let most = 0
        for (let row = 50; row < 150; row++) {
          input.value = String(row)
          input.dispatchEvent(new Event('input'))
          await new Promise((done) => requestAnimationFrame(done))
          most = Math.max(most, document.querySelectorAll('[role=option]').length)
        }
        return { changes: changes / 100, most }
      })
      expect(seen.most).toBeLessThan(80)
      costs.push(seen.changes)
      await press(page, 'End')
      expect(await selected(failing(page))).toBe(String(steps))
      expect(await failing(page).locator('[aria-selected=true]').textContent()).toContain('lost update')
      expect(await failing(page).locator('[aria-selected=true]').getAttribute('aria-setsize')).toBe(String(steps + 1))
      const [list, row] = [await failing(page).boundingBox(), await failing(page).locator('[aria-selected=true] text').boundingBox()]
      expect(list && row && row.y > list.y && row.y + row.height <= list.y + list.height).toBe(true)
      await page.close()
    }
    const [short = 0, long = 0] = costs
    expect(short).toBeGreaterThan(0)
    expect(long).toBeLessThanOrEqual(short * 1.1)
  })

  test('a window of 380 pixels needs no scrolling sideways, and one of many lanes keeps the step in sight', async () => {
    for (const file of [bank, deadlock, longFile(50, 30)]) {
      const page = await open(file, { viewport: { width: 380, height: 700 } })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380)
      await press(page, 'Home', 'n')
      const [list, box] = [await failing(page).boundingBox(), await failing(page).locator('[aria-selected=true] text').boundingBox()]
      expect(list && box && box.x >= list.x && box.x + box.width <= list.x + list.width + 1).toBe(true)
      await page.close()
    }
  })

  test('everything can be reached and named without a mouse', async () => {
    const page = await open({ ...deadlock, ...bank, waits: deadlock.waits, cycle: deadlock.cycle })
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    const reached: string[] = []
    for (let i = 0; i < 25; i++) {
      await press(page, 'Tab')
      const now = await page.evaluate(() => {
        const e = document.activeElement
        if (e === null || e === document.body) return null
        const visible = getComputedStyle(e).outlineStyle !== 'none'
        return `${e.getAttribute('role') ?? e.tagName.toLowerCase()}|${e.getAttribute('aria-label') ?? e.textContent ?? ''}|${visible}`
      })
      if (now === null) break
      reached.push(now)
    }
    expect(reached.filter((r) => !r.endsWith('|true'))).toEqual([])
    expect(reached.filter((r) => r.includes('||'))).toEqual([])
    for (const part of ['input|Step of the schedule', 'listbox|The failing schedule', 'listbox|The nearest that passes', 'region|Wait-for graph', 'button|Copy the token']) {
      expect(reached.some((r) => r.startsWith(part)), part).toBe(true)
    }
    const active = await failing(page).getAttribute('aria-activedescendant')
    expect(await page.locator(`[id="${active}"]`).getAttribute('aria-selected')).toBe('true')
  })
})
