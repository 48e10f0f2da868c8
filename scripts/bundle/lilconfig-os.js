// @ts-check

/** Stands in for `os` in the program, where only lilconfig asks, for a default that is never used. */
export function homedir() {
  return '/';
}
