type Point = (x: unknown) => unknown

/**
 * The async iterable that stands for `iterable` where its steps are choice points. What is iterated over is what
 * JavaScript would iterate over; an object that is no iterable is given back, for the error that it deserves.
 */
export function iteratePoints(iterable: unknown, point: Point): unknown {
  if (iterable === null || iterable === undefined) return iterable
  const { [Symbol.asyncIterator]: makeAsync, [Symbol.iterator]: makeSync } = iterable as Partial<
    AsyncIterable<unknown> & Iterable<unknown>
  >
  if (makeAsync === undefined || makeAsync === null) {
    if (typeof makeSync !== 'function') return iterable
    return { [Symbol.asyncIterator]: () => overSync(makeSync.call(iterable), point) }
  }
  if (typeof makeAsync !== 'function') return iterable
  return { [Symbol.asyncIterator]: () => overAsync(makeAsync.call(iterable), point) }
}

/** Each answer of the iterator takes its turn. A method that it has not must not be there. */
function overAsync(it: AsyncIterator<unknown>, point: Point): object {
  const steps: Record<string, (...args: [] | [unknown]) => unknown> = { next: (...args) => point(it.next(...args)) }
  if (typeof it.return === 'function') steps['return'] = (...args) => point(it.return?.(...args))
  if (typeof it.throw === 'function') steps['throw'] = (...args) => point(it.throw?.(...args))
  return steps
}

/** The values of a synchronous iterator are awaited; one that is rejected closes it. */
function overSync(it: Iterator<unknown>, point: Point): object {
  const settled = async (result: IteratorResult<unknown>, closes: boolean): Promise<IteratorResult<unknown>> => {
    try {
      return { done: result.done === true, value: await point(result.value) }
    } catch (error) {
      if (closes && result.done !== true) it.return?.()
      throw error
    }
  }
  return {
    next: async (...args: [] | [unknown]) => settled(it.next(...args), true),
    return: async (value?: unknown) => {
      const result = it.return?.(value)
      return result === undefined ? { done: true, value } : settled(result, false)
    },
    throw: async (error: unknown) => {
      if (typeof it.throw === 'function') return settled(it.throw(error), true)
      it.return?.()
      throw new TypeError('The iterator does not provide a throw method')
    },
  }
}
