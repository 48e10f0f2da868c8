// @ts-check
import { stripVTControlCharacters } from 'node:util';

/**
 * Stands in for `string-width` in the bundle, where only yargs asks: for the width of its own help text, which is
 * ASCII. The original loads Unicode tables that cost half as much as starting Node.
 *
 * @param {string} text
 */
export default function stringWidth(text) {
  return stripVTControlCharacters(text).length;
}
