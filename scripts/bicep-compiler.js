// @ts-check
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { isMain, ROOT } from './generated-files.js';

/**
 * `node scripts/bicep-compiler.js FILE…` lints each Bicep file twice, once as it is and once as the compiler on PATH makes
 * it, and says where the findings differ. Not part of `npm test`: neither npm nor Debian has the compiler. Build first.
 */
if (isMain(import.meta.url)) {
  const files = process.argv.slice(2);
  if (files.length === 0) throw new Error('Name Bicep files, and have bicep or az on PATH.');
  for (const file of files) {
    const [own, compiled] = [findings(file), findings(file, '--bicep', 'cli')];
    const differ = [
      ...own.filter((one) => !compiled.includes(one)).map((one) => `  only from the source: ${one}`),
      ...compiled.filter((one) => !own.includes(one)).map((one) => `  only from the compiler: ${one}`),
    ];
    console.log(
      `${differ.length === 0 ? 'ok  ' : 'FAIL'} ${file}${differ.map((line) => `\n${line}`).join('')}`,
    );
    if (differ.length > 0) process.exitCode = 1;
  }
}

/**
 * Everything of the findings but where they are.
 *
 * @param {string} file @param {readonly string[]} flags @returns {string[]}
 */
function findings(file, ...flags) {
  const args = [join(ROOT, 'dist/cli.js'), file, '--no-config', '--format', 'json', '--fail-on', 'never'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, ...flags], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) return [stderr.trim()];
  /** @type {unknown} */
  const report = JSON.parse(stdout);
  const { findings: found } =
    /** @type {{ findings: { check: string, message: string, fingerprint: string }[] }} */ (report);
  return found.map(({ check, message, fingerprint }) => `${check} ${message} ${fingerprint}`);
}
