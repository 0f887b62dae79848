/** Ends a run in the middle, because the whole exploration has to end: it is no verdict, and nobody's failure. */
export class CutShort extends Error {
  override readonly name = 'CutShort'
  constructor() {
    super('the run was cut short: its exploration was told to end')
  }
}
