/** Shared things made while no loop runs: their serial numbers are the only identity that outlives a run. */
let made = 0

/** The serial number of a shared thing that is made outside every run. */
export function nextOutsider(): number {
  return ++made
}

/** How many there have been. */
export function outsidersMade(): number {
  return made
}
