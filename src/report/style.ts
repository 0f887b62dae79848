import pc from 'picocolors'

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

/** What the terminal can do: its width, and colours unless it is none or NO_COLOR is set. */
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

/** The paints of a style: each gives the text back as it is where there are no colours. */
export function paints(colours: boolean): ReturnType<typeof pc.createColors> {
  return pc.createColors(colours)
}

/** The directory that paths are shown relative to. */
export function workingDirectory(): string {
  try {
    return host.process?.cwd?.() ?? ''
  } catch {
    return ''
  }
}
