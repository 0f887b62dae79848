/** Virtual time in words, to the microsecond. */
export function inSeconds(t: number): string {
  return t === 0 ? '0' : `${Number(t.toFixed(6))} s`
}
