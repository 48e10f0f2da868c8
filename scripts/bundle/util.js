// @ts-check

/**
 * Stands in for `node:util` in the bundle: an import of that module asks it for everything that it exports, which loads
 * its argument and MIME parsers too. Added to as the bundle needs it; a missing name fails the build.
 */
const util = process.getBuiltinModule('node:util');

export const { format, inspect, stripVTControlCharacters, styleText } = util;
