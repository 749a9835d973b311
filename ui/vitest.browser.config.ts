/* The tests that need a layout, in an installed Chromium: `npm run browser`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { environment: 'node', include: ['tests/browser/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 300_000 },
});
