import { defineConfig } from 'vitest/config';
import { dataPlugin } from './scripts/data-plugin.js';

export default defineConfig({
  plugins: [dataPlugin()],
  test: {
    include: ['test/**/*.test.ts'],
    reporters: process.env.VITEST_JSON
      ? ['default', ['json', { outputFile: process.env.VITEST_JSON }]]
      : ['default'],
  },
});
