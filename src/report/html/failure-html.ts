import type { FailureFile } from '../../explore/failure-file.ts'
import { embed } from './embed.ts'
import { pageOf } from './page-of.ts'
import { SCRIPT, SCRIPT_HASH, STYLE, STYLE_HASH } from './viewer-source.ts'

/** Nothing is loaded, nothing is sent, and no script runs but the one whose hash this is. */
const POLICY = [
  `default-src 'none'`,
  `script-src '${SCRIPT_HASH}'`,
  `style-src '${STYLE_HASH}'`,
  `base-uri 'none'`,
  `form-action 'none'`,
].join('; ')

/**
 * A failure as one HTML page that needs nothing else: the schedule as a swimlane to step through, the neighbour that
 * passes beside it, who waits for whom, the shared values at each step. It opens from a disk, without a network.
 *
 * Everything that comes from the program is data of the page and shown as text. It needs Chrome 123, Firefox 120 or
 * Safari 17.5.
 *
 * @example
 * ```ts
 * writeFileSync('failure.html', failureHtml(file))
 * ```
 */
export function failureHtml(file: FailureFile): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Heddle</title>
<style>${STYLE}</style>
</head>
<body>
<noscript>This page draws itself with a script of its own; nothing is loaded. Scripts are switched off here.</noscript>
<script type="application/json" id="page">${embed(pageOf(file))}</script>
<script>${SCRIPT}</script>
</body>
</html>
`
}
