// @ts-check
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { formatted, isMain, ROOT, writeOrCheck } from './generated-files.js';

/** @import { Check, LevelSetting } from '../src/checks/check.ts' */

/** rules/presets/*.json from the levels in rules/checks/*.json. Pass `--check` to compare only. */

export const PRESETS = new Map([
  ['audit', 'Every check is on, and every opening that could be closed is at least a warning: for a review.'],
  ['recommended', 'An error is a cluster that will break, a warning is exposure, a note is tidiness.'],
  [
    'strict',
    'What cannot be decided is not accepted either: for policies whose every value is in the files.',
  ],
]);

if (isMain(import.meta.url)) writeOrCheck(await presetFiles(readChecks()));

/** In alphabetical order. @returns {Check[]} */
export function readChecks() {
  const folder = join(ROOT, 'rules/checks');
  return readdirSync(folder)
    .sort()
    .map((name) => {
      /** @type {unknown} */
      const check = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      return /** @type {Check} */ (check);
    });
}

/** @param {Check} check @param {string} preset @returns {LevelSetting} */
export function levelIn(check, preset) {
  return check.meta.presets?.[preset] ?? check.meta.level;
}

/**
 * @param {readonly Check[]} checks
 * @returns {Promise<Map<string, string>>} text by path
 */
export async function presetFiles(checks) {
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const [id, description] of PRESETS) {
    const levels = Object.fromEntries(checks.map((check) => [check.id, levelIn(check, id)]));
    const path = `rules/presets/${id}.json`;
    files.set(path, await formatted(path, JSON.stringify({ id, description, levels }, null, 2)));
  }
  return files;
}
