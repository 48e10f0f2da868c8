// @ts-check

/**
 * Stands in for `jsonpath-plus` in the bundle. json-rules-engine asks it only to follow a condition's `path`, and every
 * engine here is given a pathResolver of its own; so a call is a defect.
 *
 * @returns {never}
 */
export function JSONPath() {
  throw new Error('JSONPath is not part of this bundle: give the engine a pathResolver');
}
