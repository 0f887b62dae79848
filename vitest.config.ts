import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['spec/**/*.spec.ts', 'properties/**/*.property.ts'],
    environment: 'node',
    // Specs of the built package need dist/ to be what src/ says.
    globalSetup: ['spec/support/build.ts'],
    // Explorations are counted in schedules, not in seconds: these only end what hangs.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
