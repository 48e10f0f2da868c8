import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

/** Runs the scripts of the scheduled workflow, with programs on PATH in place of curl, node and gh. */
const ROOT = join(import.meta.dirname, '..');

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

const WORKFLOW = parse(readFileSync(join(ROOT, '.github/workflows/catalogue.yml'), 'utf8')) as {
  readonly on: Readonly<Record<string, unknown>>;
  readonly jobs: { readonly compare: { readonly permissions: unknown; readonly steps: readonly Step[] } };
};
const { steps, permissions } = WORKFLOW.jobs.compare;

function stepNamed(name: string): Step {
  const step = steps.find((one) => one.name === name);
  if (step === undefined) throw new Error(`The workflow has no step '${name}'`);
  return step;
}

describe('the workflow that compares the catalogue with the article', () => {
  it('runs by schedule and by hand, never for a pull request, and may write issues only', () => {
    expect(Object.keys(WORKFLOW.on).sort()).toEqual(['schedule', 'workflow_dispatch']);
    expect(permissions).toEqual({ contents: 'read', issues: 'write' });
  });

  it('gives its token to the step that writes the issue alone', () => {
    const withToken = steps.filter(({ env = {} }) => JSON.stringify(env).includes('github.token'));
    expect(withToken.map(({ name }) => name)).toEqual(['Keep what differs in an issue']);
  });

  it('writes an issue only where the comparison found differences', () => {
    expect(stepNamed('Keep what differs in an issue').if).toBe("steps.compare.outputs.differs == '1'");
  });
});

const hasTools =
  process.platform !== 'win32' && ['bash', 'jq'].every((tool) => spawnSync(tool, ['--version']).status === 0);

describe.skipIf(!hasTools)('the scripts of that workflow (need bash and jq)', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'workflow-'));
    mkdirSync(join(folder, 'bin'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const file = (name: string): string => join(folder, name);
  const text = (name: string): string => readFileSync(file(name), 'utf8');

  function program(name: string, script: string): void {
    writeFileSync(file(`bin/${name}`), `#!/usr/bin/env bash\n${script}\n`);
    chmodSync(file(`bin/${name}`), 0o755);
  }

  /** As a runner does: `bash -e -o pipefail` where a step names no shell and bash is there. */
  function run(name: string): { status: number | null; output: string } {
    const { run: script = '', env = {} } = stepNamed(name);
    const path = [file('bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
    const own = Object.fromEntries(Object.entries(env).filter(([, value]) => !value.includes('${{')));
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: path, GITHUB_OUTPUT: file('output'), GITHUB_STEP_SUMMARY: file('summary'), ...own },
      },
    );
    return { status, output: stdout + stderr };
  }

  describe('to download', () => {
    beforeEach(() => {
      symlinkSync(join(ROOT, 'rules'), file('rules'));
    });

    it('asks for the Markdown that the catalogue names', () => {
      program('curl', 'printf "%s\\n" "$@" >calls; echo "# Rules" >article.md');
      expect(run('Download the article').status).toBe(0);
      expect(text('calls').trim().split('\n').slice(-3)).toEqual([
        '--output',
        'article.md',
        'https://raw.githubusercontent.com/MicrosoftDocs/azure-aks-docs/main/articles/aks/outbound-rules-control-egress.md',
      ]);
      expect(text('calls')).toContain('--fail');
    });

    it('fails where there is none', () => {
      program('curl', 'exit 22');
      expect(run('Download the article').status).toBe(22);
    });
  });

  describe('to compare', () => {
    const program_ = (code: number): void => {
      program('node', `printf '%s ' "$@" >calls; echo '# The catalogue'; exit ${code}`);
    };

    it.each([0, 1])('passes the answer %d on', (code) => {
      program_(code);
      expect(run('Compare it with the catalogue').status).toBe(0);
      expect(text('calls').trim()).toBe('dist/cli.js requirements --diff article.md --format markdown');
      expect(text('output')).toBe(`differs=${code}\n`);
      expect(text('summary')).toBe('# The catalogue\n');
    });

    it.each([2, 3])('fails with %d, which is no answer', (code) => {
      program_(code);
      expect(run('Compare it with the catalogue').status).toBe(code);
      expect(existsSync(file('output'))).toBe(false);
    });
  });

  describe('to keep an issue', () => {
    const TITLE = 'The article on outbound rules differs from the catalogue';
    const NASTY = '# Differences\n\n`$(touch owned)` "; touch owned; \' $HOME ü\n';

    interface Issue {
      readonly number: number;
      readonly title: string;
      readonly body: string;
    }

    function keep(differences: string, issues: readonly Issue[]): { calls: string[]; output: string } {
      writeFileSync(file('differences.md'), differences);
      writeFileSync(file('open.json'), JSON.stringify(issues));
      program(
        'gh',
        'printf "%s|" "$@" >>calls; echo >>calls; if [ "$1 $2" = "issue list" ]; then cat open.json; fi',
      );
      const { status, output } = run('Keep what differs in an issue');
      expect(status, output).toBe(0);
      expect(existsSync(file('owned'))).toBe(false);
      return { calls: text('calls').trim().split('\n'), output };
    }

    it('creates one where there is none, with its label, and the text from a file', () => {
      const { calls } = keep(NASTY, []);
      expect(calls.map((call) => call.split('|').slice(0, 2).join(' '))).toEqual([
        'label create',
        'issue list',
        'issue create',
      ]);
      expect(calls.at(-1)).toBe(`issue|create|--title|${TITLE}|--label|catalogue|--body-file|body.md|`);
      expect(text('body.md')).toBe(NASTY);
    });

    it('looks at open issues with its label only', () => {
      expect(keep(NASTY, []).calls[1]).toContain('issue|list|--state|open|--label|catalogue|');
    });

    it('writes into the one that is open, and says so, but makes no second one', () => {
      const { calls } = keep(NASTY, [
        { number: 7, title: 'Another matter', body: 'x' },
        { number: 5, title: TITLE, body: '# Differences\n\nolder\n' },
      ]);
      expect(calls.slice(2)).toEqual([
        'issue|edit|5|--body-file|body.md|',
        'issue|comment|5|--body|The article changed again, and the description above with it.|',
      ]);
    });

    it('leaves one alone that says the same', () => {
      const { calls, output } = keep(NASTY, [
        { number: 5, title: TITLE, body: NASTY.replaceAll('\n', '\r\n').trimEnd() },
      ]);
      expect(calls).toHaveLength(2);
      expect(output).toContain('Issue 5 says so already.');
    });

    it('writes into the oldest where somebody made two', () => {
      const { calls } = keep(NASTY, [
        { number: 9, title: TITLE, body: '' },
        { number: 5, title: TITLE, body: '' },
      ]);
      expect(calls.slice(2).every((call) => call.includes('|5|'))).toBe(true);
    });

    it('cuts a text that GitHub would refuse, between lines', () => {
      const line = `${'ü'.repeat(499)}\n`;
      keep(line.repeat(100), []);
      expect(text('body.md')).toBe(`${line.repeat(60)}\nThe rest is in the summary of the run.\n`);
    });

    it('never closes one', () => {
      expect(stepNamed('Keep what differs in an issue').run).not.toMatch(/issue close|--state closed/);
    });
  });
});
