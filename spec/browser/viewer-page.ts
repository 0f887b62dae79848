import type { Locator, Page } from 'playwright-core'

// The parts of a failure's page, found as someone who uses it without seeing it would find them.

export const failing = (page: Page): Locator => page.getByRole('listbox', { name: 'The failing schedule' })

export const passing = (page: Page): Locator => page.getByRole('listbox', { name: 'The nearest that passes' })

export const slider = (page: Page): Locator => page.getByRole('slider', { name: 'Step of the schedule' })

/** The row of a schedule that is selected. */
export const selected = (list: Locator): Promise<string | null> => list.locator('[aria-selected=true]').getAttribute('data-row')

/** Presses keys, one after the other. */
export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}
