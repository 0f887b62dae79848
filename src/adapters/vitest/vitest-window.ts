/** The window that vitest draws at the bottom of a terminal, with lines of ours in it. */
export interface VitestWindow {
  /** Draws it again soon. */
  redraw(): void
  /** Takes our lines out. */
  leave(): void
}

/** What vitest 4 and 5 call it. */
interface Renderer {
  readonly options: { getWindow: () => string[] }
  schedule(): void
}

/**
 * Adds lines to the window of vitest's `default` or `dot` reporter. Whatever else is written while there is one, vitest prints above
 * it, so that only its owner can write a line over; and it is no public part of vitest. Null if there is none, or
 * where a later version has it somewhere else.
 */
export function enterWindow(vitest: object, lines: () => readonly string[]): VitestWindow | null {
  const renderer = rendererOf(vitest)
  if (renderer === null) return null
  const { options } = renderer
  const { getWindow } = options
  options.getWindow = () => {
    const added = lines()
    return added.length === 0 ? getWindow() : [...getWindow(), ...added.map((line) => ` ${line}`), '']
  }
  return {
    redraw: () => renderer.schedule(),
    leave: () => void (options.getWindow = getWindow),
  }
}

function rendererOf(vitest: object): Renderer | null {
  const reporters = field(vitest, 'reporters')
  if (!Array.isArray(reporters)) return null
  for (const reporter of reporters as readonly unknown[]) {
    for (const renderer of [field(reporter, 'renderer'), field(field(reporter, 'summary'), 'renderer')]) {
      if (isRenderer(renderer)) return renderer
    }
  }
  return null
}

function isRenderer(value: unknown): value is Renderer {
  return typeof field(value, 'schedule') === 'function' && typeof field(field(value, 'options'), 'getWindow') === 'function'
}

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined
}
