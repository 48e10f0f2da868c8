// @ts-check
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, isMain, writeOrCheck } from './generated-files.js';

/**
 * The terminal block of README.md: what the built program says about the sample. Pass `--check` to compare only. The
 * program must be built first.
 */
const BLOCK = /(<!-- sample:start -->\n)[^]*?(\n<!-- sample:end -->)/;
const SAMPLE = 'hub-firewall-policy.json';

if (isMain(import.meta.url)) writeOrCheck(new Map([['README.md', readme()]]));

function readme() {
  const args = [
    join(ROOT, 'dist/cli.js'),
    SAMPLE,
    '--quiet',
    '--no-config',
    '--fail-on',
    'never',
    '--no-color',
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: join(ROOT, 'fixtures/sample'),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm run build, then generate: ${stderr}`);
  const shown = `\`\`\`console\n$ aks-egress-lint ${SAMPLE} --quiet\n${stdout.trim()}\n\`\`\``;
  return readFileSync(join(ROOT, 'README.md'), 'utf8').replace(
    BLOCK,
    (_, start, end) => `${String(start)}\n${shown}\n${String(end)}`,
  );
}
