import { BARE_YIELD, type Suspension, type Waiter } from './awaitable.ts'
import { CallbackWaiter } from './callback-waiter.ts'

/** Longer strings lose their middle (CPython, `reprlib.Repr.maxstring`). */
const LONGEST = 30

/** A value or an exception, short, as it stands in the words of a future. */
export function shown(x: unknown): string {
  if (x instanceof Error) return `${x.name}(${x.message === '' ? '' : quoted(x.message)})`
  if (typeof x === 'string') return quoted(x)
  if (Array.isArray(x)) return `[${x.length > 6 ? `${x.slice(0, 6).map(shown).join(', ')}, ...` : x.map(shown).join(', ')}]`
  if (typeof x === 'function') return `${x.name || 'anonymous'}()`
  try {
    return shortened(String(x))
  } catch {
    return '?'
  }
}

function quoted(s: string): string {
  return shortened(`'${s.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`)
}

function shortened(s: string): string {
  const half = (LONGEST - 3) / 2
  return s.length <= LONGEST ? s : `${s.slice(0, Math.floor(half))}...${s.slice(-Math.ceil(half))}`
}

/** What a task is called, what it runs and what it waits for (CPython, `base_tasks.py:_task_repr_info`). */
export function taskInWords(name: string, coroutine: unknown, waiting: Suspension | undefined): string[] {
  const words = [`name='${name}'`, `coro=<${(typeof coroutine === 'function' && coroutine.name) || 'coroutine'}()>`]
  if (waiting === undefined || waiting === BARE_YIELD) return words
  return [...words, `wait_for=${'isDone' in waiting ? String(waiting) : `<${waiting.describe()}>`}`]
}

/** Who will be told, two at most (CPython, `base_futures.py:_format_callbacks`); '' for nobody. */
export function callbacksInWords(waiters: readonly Waiter[]): string {
  if (waiters.length === 0) return ''
  const names = waiters.map((w) => {
    if (w instanceof CallbackWaiter) return `${w.callback.name || 'callback'}()`
    return 'owningTask' in w ? 'Task.wakeup()' : 'bookkeeping()'
  })
  const between = names.length > 2 ? [`<${names.length - 2} more>`] : []
  return ` cb=[${[...names.slice(0, 1), ...between, ...names.slice(1).slice(-1)].join(', ')}]`
}
