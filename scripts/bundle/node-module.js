// @ts-check

/** Stands in for `node:module` in the program, where only yargs-parser asks: to load configurations, which is not used. */
export function createRequire() {
  return () => {
    throw new Error('No module is loaded by name');
  };
}
