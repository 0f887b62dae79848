import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const viewer = fileURLToPath(new URL('../../src/report/html/viewer/', import.meta.url))

/** The text of src/report/html/viewer-source.ts: the viewer's modules as one script, its styles, and their hashes. */
export async function viewerSource(): Promise<string> {
  const bundle = await rolldown({ input: `${viewer}main.ts`, platform: 'browser', tsconfig: false })
  const { output } = await bundle.generate({ format: 'iife', minify: true })
  await bundle.close()
  const script = output[0].code.trim()
  const style = readFileSync(`${viewer}viewer.css`, 'utf8').trim()
  return `// Made by \`npm run viewer\` from the files in viewer/; a spec fails where this file is not what they give.
${constant('SCRIPT', script)}${constant('SCRIPT_HASH', hashOf(script))}${constant('STYLE', style)}${constant('STYLE_HASH', hashOf(style))}`
}

/** As a content security policy names it. */
export function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

function constant(name: string, value: string): string {
  return `\nexport const ${name} =\n  ${JSON.stringify(value)}\n`
}
