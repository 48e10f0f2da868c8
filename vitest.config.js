import { defineConfig } from 'vitest/config';
import { dataPlugin } from './scripts/data-plugin.js';

export default defineConfig({
  plugins: [dataPlugin()],
  // Source maps of packages point to sources that these do not ship.
  logLevel: 'error',
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/places.ts'],
    // Its imports of JSON say nothing of JSON, which Node would want.
    server: { deps: { inline: [/@actions\//] } },
    // A test that hangs is stopped; one on a busy machine is not. Speed is the business of bench/.
    testTimeout: 60_000,
    // Files share what they import, which takes half as long. What a test changes for itself is put back before the next.
    isolate: false,
    // The other checks are done long before the tests, and then leave a processor without work.
    maxWorkers: '100%',
    restoreMocks: true,
    unstubEnvs: true,
    reporters: process.env.VITEST_JSON
      ? ['default', ['json', { outputFile: process.env.VITEST_JSON }]]
      : ['default'],
  },
});
