// @ts-check

/**
 * Stands in for `fs` in the program, where only lilconfig asks: without its promises, which Node loads when they are first
 * looked at, and which the search for a configuration does not use.
 */
export { accessSync, readFileSync } from 'node:fs';
export const promises = {};
