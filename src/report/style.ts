/** How a picture in words is to look. */
export interface Style {
  /** Columns of the terminal; no line of the picture is wider. Default: those of the terminal, at most 100. */
  columns?: number
  /** Whether to use colours. Default: no. `terminalStyle()` knows what the terminal can do. */
  colours?: boolean
}

const DEFAULT_COLUMNS = 100
/** A picture needs so many, whatever the terminal says. */
const FEWEST = 40

interface Host {
  process?: {
    env?: Record<string, string | undefined>
    stdout?: { isTTY?: boolean; columns?: number }
    cwd?: () => string
  }
}

const host = globalThis as Host

/**
 * What the terminal can do: its width, and colours unless it is none or NO_COLOR is set.
 *
 * @example
 * ```ts
 * console.log(describeFailure(file, terminalStyle()))
 * ```
 */
export function terminalStyle(): Required<Style> {
  const { env, stdout } = host.process ?? {}
  const tty = stdout?.isTTY === true
  const noColour = (env?.['NO_COLOR'] ?? '') !== '' || env?.['TERM'] === 'dumb'
  return { columns: widthOf(tty ? stdout.columns : undefined), colours: tty && !noColour }
}

function widthOf(columns: number | undefined): number {
  return Math.max(FEWEST, columns === undefined || columns === 0 ? DEFAULT_COLUMNS : columns)
}

/** The style of a text that may end anywhere: a test runner's output, a log. */
export function plainStyle(): Required<Style> {
  return { columns: Math.min(DEFAULT_COLUMNS, terminalStyle().columns), colours: false }
}

/** What begins each look and what ends it, as codes of ECMA-48's SGR. Here, not a package: a page loads this file too. */
const LOOKS = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const

type Look = keyof typeof LOOKS

/** A function for each look, which gives its text in that look. */
export type Paints = Readonly<Record<Look, (text: string) => string>>

/** The paints of a style: each gives the text back as it is where there are no colours. */
export function paints(colours: boolean): Paints {
  const paint = (look: Look) => (text: string) => {
    const [on, off] = LOOKS[look]
    return colours ? `\u001b[${on}m${text}\u001b[${off}m` : text
  }
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
    green: paint('green'),
    yellow: paint('yellow'),
    blue: paint('blue'),
    magenta: paint('magenta'),
    cyan: paint('cyan'),
  }
}

/** The directory that paths are shown relative to. */
export function workingDirectory(): string {
  try {
    return host.process?.cwd?.() ?? ''
  } catch {
    return ''
  }
}
