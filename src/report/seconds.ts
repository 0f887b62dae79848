/** Virtual time in words, to the microsecond. */
export function inSeconds(t: number): string {
  return `${Number(t.toFixed(6))} s`
}
