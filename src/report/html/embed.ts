/**
 * Data as JSON for a `<script type="application/json">`. Nothing in it can end the element or begin a comment or
 * another element, whatever the program called its tasks: each character that HTML looks at is an escape of JSON's.
 */
export function embed(data: unknown): string {
  return JSON.stringify(data).replaceAll(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
