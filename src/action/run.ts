import { EXIT, formatPlace } from '../commands/exit.ts';
import type { Io } from '../commands/io.ts';
import { analyse, contextOf, outputsOf, type Analysed } from '../commands/lint.ts';
import { writeOutputs } from '../commands/outputs.ts';
import { realPath } from '../commands/repository.ts';
import { fails } from '../commands/threshold.ts';
import { ConfigError } from '../config/source.ts';
import { InputError, UsageError } from '../errors.ts';
import type { Comparison } from '../reporters/comparison.ts';
import { annotations, command } from '../reporters/github.ts';
import {
  pathOfUri,
  reporters,
  uriMapper,
  type Location,
  type Report,
  type ReportContext,
} from '../reporters/index.ts';
import { plural } from '../reporters/paint.ts';
import { compareWithBase } from './compare.ts';
import { readInputs, type Inputs } from './inputs.ts';
import { Repository, type NoBase } from './repository.ts';
import { Runner, noOutputs } from './runner.ts';
import type { World } from './world.ts';

/** The whole action. Returns the exit code, after everything is written that there is to write. */
export async function runAction(world: World): Promise<number> {
  let inputs: Inputs | undefined;
  try {
    inputs = readInputs(world);
    const analysis = await analyse(inputs.lint, ioOf(inputs.folder, world));
    return analysis.errors === undefined
      ? await report(analysis, inputs, world)
      : await refuse(analysis.errors, inputs, world);
  } catch (error) {
    return refuse([error], inputs, world);
  }
}

/** Everything is judged; what is shown may be less. Files are written before anything else can go wrong. */
async function report(analysis: Analysed, inputs: Inputs, world: World): Promise<number> {
  const runner = new Runner(world);
  const repository = new Repository(inputs.folder, world);
  const io = ioOf(inputs.folder, world);
  const context = contextOf(analysis, inputs.lint, repository.root, io.cwd);
  writeOutputs(await outputsOf(analysis, context, inputs.lint), io.cwd);

  const { commit, comparison, problem } = await compared(analysis.report, inputs, repository, world);
  const shown = withNotices(
    inputs.changedFilesOnly && commit !== undefined
      ? inChangedFiles(analysis.report, commit, comparison, repository, context)
      : analysis.report,
    problem === undefined ? [] : [problem.reason],
  );
  // A shallow clone is no mistake; a base or a filter that somebody asked for in vain is worth a warning.
  if (problem !== undefined && (problem.isWrong || inputs.changedFilesOnly)) {
    const all = inputs.changedFilesOnly && commit === undefined ? ' Findings in all files are shown.' : '';
    runner.commands([command('warning', { title: 'aks-egress-lint' }, problem.reason + all)]);
  }

  if (inputs.lint.format !== 'github' || inputs.annotations === 'false') {
    const isColored = (world.env['NO_COLOR'] ?? '') === '';
    const reporter = await reporters[inputs.lint.format]();
    runner.show(reporter(shown, { ...context, color: isColored }));
  }
  const code = fails(analysis.report, analysis.failOn) ? EXIT.findings : EXIT.ok;
  if (inputs.annotations !== 'false') {
    const isOfChange = inputs.annotations === 'true' && comparison !== undefined;
    const annotated = isOfChange ? introducedOnly(shown, comparison) : shown;
    runner.commands(annotations(annotated, context));
    if (code !== EXIT.ok && !fails(annotated, analysis.failOn)) {
      const text = 'What fails this step was there before the change, so no line is annotated for it.';
      runner.commands([command('error', { title: 'aks-egress-lint' }, text)]);
    }
  }
  if (inputs.summary) {
    const { markdown } = await import('../reporters/markdown.ts');
    const urlOf = linker(world, repository, context);
    runner.addSummary(
      markdown(shown, { ...context, urlOf, ...(comparison === undefined ? {} : { comparison }) }),
    );
  }
  const { error, warning, note, suppressed } = analysis.report.summary;
  runner.setOutputs({
    'sarif-file': inputs.sarifFile,
    'json-file': inputs.jsonFile,
    findings: error + warning + note,
    errors: error,
    warnings: warning,
    notes: note,
    suppressed,
    'new-findings': comparison?.introduced.length ?? '',
    'fixed-findings': comparison?.fixed.length ?? '',
    'exit-code': code,
  });
  return code;
}

interface Compared {
  readonly commit?: string;
  readonly comparison?: Comparison;
  /** Why something is not compared that could have been. */
  readonly problem?: NoBase;
}

async function compared(
  report: Report,
  inputs: Inputs,
  repository: Repository,
  world: World,
): Promise<Compared> {
  const base = repository.base(inputs.base);
  if (base === undefined) return {};
  if ('reason' in base) return { problem: base };
  const result = await compareWithBase(
    report,
    base,
    inputs,
    repository,
    (folder) => ioOf(folder, world),
    world.temp,
  );
  return { commit: base.commit, ...('reason' in result ? { problem: result } : { comparison: result }) };
}

function ioOf(folder: string, { env, log, today, execute }: World): Io {
  return {
    cwd: folder,
    env,
    stdout: log,
    stderr: log,
    today,
    readStdin: () => {
      throw new UsageError('An action has no standard input.');
    },
    execute: (command, args) => execute(command, args, folder),
  };
}

function withNotices(one: Report, notices: readonly string[]): Report {
  return { ...one, notices: [...one.notices, ...notices] };
}

/** With a summary that counts what is left. */
function introducedOnly(whole: Report, { introduced }: Comparison): Report {
  const fingerprints = new Set(introduced.map(({ fingerprint }) => fingerprint));
  const findings = whole.findings.filter(
    ({ suppressed, fingerprint }) => !suppressed && fingerprints.has(fingerprint),
  );
  const count = (level: string): number => findings.filter((finding) => finding.level === level).length;
  const summary = { ...whole.summary, error: count('error'), warning: count('warning'), note: count('note') };
  return { ...whole, findings, summary };
}

/**
 * Leaves out findings in files that git knows and that are as they were: unless the change brings them, since what one file
 * says may decide what is found in another.
 */
function inChangedFiles(
  whole: Report,
  base: string,
  comparison: Comparison | undefined,
  repository: Repository,
  context: ReportContext,
): Report {
  const tracked = repository.tracked();
  const changed = repository.changedSince(base);
  const introduced = new Set(comparison && introducedOnly(whole, comparison).findings);
  const findings = whole.findings.filter((finding) => {
    const path = pathOfUri(context.uriOf(finding.location.path)).normalize('NFC');
    return !tracked.has(path) || changed.has(path) || introduced.has(finding);
  });
  const left =
    whole.findings.filter(({ suppressed }) => !suppressed).length -
    findings.filter(({ suppressed }) => !suppressed).length;
  if (left === 0) return { ...whole, findings };
  return withNotices({ ...whole, findings }, [
    `${plural(left, 'finding')} in files that this change does not touch ${left === 1 ? 'is' : 'are'} not shown here. ` +
      'The counts, the SARIF file and whether this step fails take all findings into account.',
  ]);
}

/** Links to lines of the commit that is checked out. A file that the job made is in no commit. */
function linker(
  { env }: World,
  repository: Repository,
  context: ReportContext,
): (location: Location) => string | undefined {
  const name = env['GITHUB_REPOSITORY'];
  const commit = repository.head() ?? env['GITHUB_SHA'];
  const tracked = repository.tracked();
  const server = env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  return ({ path, startLine, endLine }) => {
    const uri = context.uriOf(path);
    if (name === undefined || commit === undefined) return undefined;
    if (tracked.size > 0 && !tracked.has(pathOfUri(uri).normalize('NFC'))) return undefined;
    const lines = endLine > startLine ? `L${startLine}-L${endLine}` : `L${startLine}`;
    return `${server}/${name}/blob/${commit}/${uri}#${lines}`;
  };
}

/** Nothing was judged: each error where it belongs, and outputs that say so. */
async function refuse(errors: readonly unknown[], inputs: Inputs | undefined, world: World): Promise<number> {
  const runner = new Runner(world);
  const folder = inputs?.folder ?? world.cwd;
  const code = errors.some((error) => error instanceof InputError) ? EXIT.input : EXIT.usage;
  const root = new Repository(folder, world).root;
  const uriOf = uriMapper(realPath(root, folder), (path) => realPath(path, folder));
  const problems = errors.map((error) => problemOf(error, world));
  runner.commands(
    problems.map(({ path, line, column, text }) =>
      command(
        'error',
        {
          title: 'aks-egress-lint',
          ...(path === undefined ? {} : { file: pathOfUri(uriOf(path)) }),
          ...(line === undefined ? {} : { line, ...(column === undefined ? {} : { col: column }) }),
        },
        text,
      ),
    ),
  );
  if (inputs?.summary ?? true) {
    const { code: type, words } = await import('../reporters/markdown-text.ts');
    const lines = problems.map(({ path, line, column = 1, text }) => {
      const place =
        path === undefined
          ? ''
          : `${type(formatPlace(path, line === undefined ? undefined : { line, column }))}: `;
      return `- ${place}${words(text)}`;
    });
    runner.addSummary(`## ❌ Nothing was judged\n\n${lines.join('\n')}\n`);
  }
  runner.setOutputs(noOutputs(code));
  return code;
}

interface Problem {
  readonly path?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly text: string;
}

function problemOf(error: unknown, { env }: World): Problem {
  if (error instanceof InputError) {
    const { path, line, column, message } = error;
    return { path, line, column, text: message };
  }
  if (error instanceof ConfigError) {
    const { path, position, message } = error;
    return { path, line: position?.line, column: position?.column, text: message };
  }
  if (error instanceof UsageError) {
    // Inputs are called like flags.
    const [text = ''] = error.message.split("\nTry 'aks-egress-lint");
    return { text: text.replace(/^--([a-z-]+):/, "Input '$1':") };
  }
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  const advice = env['RUNNER_DEBUG'] === '1' ? stack : 'Run the job again with debug logging for details.';
  return { text: `The program itself failed, which is a defect: ${message}\n${advice}` };
}
