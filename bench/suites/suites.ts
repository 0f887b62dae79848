/** The vitest suite that a package publishes with its source, at a version of which a test is known to depend on an order. */
export interface Suite {
  readonly name: string
  readonly version: string
  /** What is known: who says that an order or the time matters here. */
  readonly known: string
  /** What vitest is given to choose the files by. */
  readonly files: readonly string[]
  /** What the suite needs beside the package itself. */
  readonly needs: Readonly<Record<string, string>>
  readonly environment: 'node' | 'jsdom'
  /** Names by which the suite calls parts of the source. */
  readonly aliases?: Readonly<Record<string, string>>
}

const TESTING_LIBRARY = { jsdom: '27.0.0', '@testing-library/react': '16.3.0', '@testing-library/dom': '10.4.1', react: '19.1.1', 'react-dom': '19.1.1' }

export const SUITES: readonly Suite[] = [
  {
    name: '@reduxjs/toolkit',
    version: '2.0.1',
    known: 'reduxjs/redux-toolkit#2280: a forked task runs unless it is cancelled in time, and in time is a matter of microtasks',
    files: ['src/listenerMiddleware'],
    needs: { immer: '10.0.3', redux: '5.0.1', 'redux-thunk': '3.1.0', reselect: '5.0.1' },
    environment: 'node',
    aliases: { '^@reduxjs/toolkit$': 'index.ts', '^@internal/': '' },
  },
  {
    name: '@tanstack/query-core',
    version: '5.40.0',
    known: 'TanStack/query#8727, #8806: these tests slept, and were given fake timers later, as flaky ones were (#9300)',
    files: ['query.test', 'queryClient.test', 'mutations.test', 'mutationObserver', 'hydration', 'queryObserver', 'infiniteQueryBehavior'],
    needs: TESTING_LIBRARY,
    environment: 'jsdom',
  },
  {
    name: '@tanstack/query-persist-client-core',
    version: '5.40.0',
    known: 'TanStack/query#9067: createPersister.test.ts slept, and was given fake timers later',
    files: ['createPersister', 'persist.test'],
    needs: { '@tanstack/query-core': '5.40.0' },
    environment: 'node',
  },
]
