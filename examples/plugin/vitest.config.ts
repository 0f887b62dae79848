import { heddle } from 'heddle/vite'
import { defineConfig } from 'vitest/config'

/** The packages whose own awaits are explored, each at a version with a known race and at the one that mended it. */
const packages = [
  'lru-cache-11.2.1', 'lru-cache-11.2.2',
  'p-map-7.0.3', 'p-map-7.0.4',
  'p-memoize-8.0.0', 'p-memoize-9.0.0',
  'p-queue-9.3.0', 'p-queue-9.3.1',
]

export default defineConfig({
  root: import.meta.dirname,
  plugins: [heddle({ packages })],
  test: { include: ['*.test.ts'], testTimeout: 60_000 },
})
