import { configDefaults, defineConfig } from 'vitest/config'

const common = {
  environment: 'node',
  // Specs of the built package need dist/ to be what src/ says.
  globalSetup: ['spec/support/build.ts'],
  // Explorations are counted in schedules, not in seconds: these only end what hangs.
  testTimeout: 120_000,
  hookTimeout: 120_000,
}

/*
 * A worker of its own costs a file half a second, more than most of these need for their tests. They can share one because
 * an exploration leaves nothing behind; the specs of the host's globals, which show just that, and what mocks modules or
 * starts servers have theirs.
 */
const together = ['asyncio', 'explore', 'loop', 'report', 'strategies'].map((folder) => `spec/${folder}/**/*.spec.ts`)

export default defineConfig({
  test: {
    // One fewer is the default: on the two cores of a runner in CI all files would wait for one another.
    maxWorkers: '100%',
    projects: [
      { test: { ...common, name: 'together', include: together, isolate: false } },
      {
        test: {
          ...common,
          name: 'apart',
          include: ['spec/**/*.spec.ts', 'properties/**/*.property.ts'],
          exclude: [...configDefaults.exclude, ...together],
        },
      },
    ],
  },
})
