import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const path = process.env['CHROMIUM_PATH'] ?? PLACES.find((p) => existsSync(p)) ?? '/usr/bin/chromium'

/** Why the specs of the browser are skipped, if they are. Where `CI` is set they never are: .ci/run installs a browser. */
export const noChromium =
  existsSync(path) || process.env['CI'] === 'true' ? null : `no Chromium at ${path} (CHROMIUM_PATH names another)`

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: path,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
