import yargs from 'yargs';
import type { Argv } from 'yargs';
import { isDate } from '../config/date.ts';
import { UsageError } from '../errors.ts';
import type { ApplianceOptions } from '../parsers/appliance/reading.ts';
import { FORMATS, type Format } from '../reporters/index.ts';
import { azureArguments, type AzureArguments } from './azure-arguments.ts';
import { clusterFileArguments, type ClusterFileArguments } from './cluster-arguments.ts';
import { completions } from './completion.ts';
import {
  AZURE_EXAMPLES,
  COMMANDS,
  COMMON_OPTIONS,
  EXAMPLES,
  AZURE_SIGN_IN,
  EXIT_CODES,
  INTERRUPTED,
  OTHER,
  REQUIREMENT_FORMATS,
  REQUIREMENTS_EXAMPLES,
  REQUIREMENTS_EXIT_CODES,
  type RequirementFormat,
} from './options.ts';
import { ParsedValues, dashed, hideStdin, oneOf, withHelp } from './parsed-values.ts';
import { FAIL_ON, type FailOn } from './threshold.ts';

/** The command line, its form checked; what the values mean is judged where they are used. */
export type Arguments =
  TextArguments | LintArguments | AzureArguments | RequirementsArguments | ChecksArguments | InitArguments;

/** Help, the version, a completion script or completions. */
export interface TextArguments {
  readonly command: 'text';
  readonly text: string;
}

export interface ProfileArguments {
  readonly profile: string | undefined;
  readonly cloud: string | undefined;
  readonly region: string | undefined;
  readonly features: readonly string[];
  readonly sources: readonly string[];
  /** `YYYY-MM-DD` */
  readonly asOf: string | undefined;
  /** A path, `false` for none, undefined to look for one. */
  readonly config: string | false | undefined;
}

export interface OutputTarget {
  readonly format: Format;
  readonly path: string;
}

export interface LintArguments extends ProfileArguments, ClusterFileArguments {
  readonly command: 'lint';
  /** `-` is standard input. */
  readonly files: readonly string[];
  readonly format: Format;
  readonly outputs: readonly OutputTarget[];
  readonly basePolicies: readonly string[];
  /** Files of --endpoints. */
  readonly endpoints: readonly string[];
  readonly serviceTags: string | undefined;
  readonly sourceRoot: string | undefined;
  /** Of --from-zone, --to-zone and --sees-dns. */
  readonly appliance: ApplianceOptions;
  readonly policies: readonly string[];
  readonly failOn: FailOn | undefined;
  readonly strict: boolean;
  readonly quiet: boolean;
  readonly all: boolean;
  readonly includeSuppressed: boolean;
  readonly baseline: BaselineFlag | undefined;
  readonly printConfig: boolean;
  readonly color: boolean | undefined;
}

/** A baseline file, and whether to read it, to read it and remove what no longer occurs, or to write it anew. */
export interface BaselineFlag {
  readonly mode: 'read' | 'prune' | 'write';
  readonly path: string;
}

export interface RequirementsArguments extends ProfileArguments, ClusterFileArguments {
  readonly command: 'requirements';
  readonly format: RequirementFormat;
  /** A copy of the article to compare the catalogue with; `-` is standard input. */
  readonly diff: string | undefined;
  readonly all: boolean;
  readonly color: boolean | undefined;
}

export interface ChecksArguments {
  readonly command: 'checks';
  /** The one to explain; undefined lists all. */
  readonly check: string | undefined;
  /** A path, `false` for none, undefined to look for one. */
  readonly config: string | false | undefined;
  readonly color: boolean | undefined;
}

export interface InitArguments {
  readonly command: 'init';
}

export interface ArgumentContext {
  readonly version: string;
  /** Terminal columns; 0 where there is no terminal. */
  readonly columns: number;
}

/** Reads the arguments after the program's name. Throws a UsageError for anything that is no valid command line. */
export async function parseArguments(argv: readonly string[], context: ArgumentContext): Promise<Arguments> {
  if (argv[0] === '--get-yargs-completions') {
    return { command: 'text', text: completions(argv.slice(1)) };
  }
  const run: { command?: string; parsed?: Readonly<Record<string, unknown>>; text: string } = { text: '' };
  const parser = commandLine(context, (command, parsed) => {
    run.command = command;
    run.parsed = parsed;
  });
  await parser.parseAsync(argv.map(hideStdin), {}, (_error: unknown, _parsed: unknown, text: string) => {
    run.text = text;
  });
  if (run.command === undefined || run.parsed === undefined || run.command === 'completion') {
    return { command: 'text', text: `${run.text}\n` };
  }
  const values = new ParsedValues(run.command, COMMANDS[run.command] ?? {}, run.parsed);
  switch (run.command) {
    case 'azure':
      return azureArguments(values, sharedArguments(values));
    case 'requirements':
      return requirementsArguments(values);
    case 'init':
      return { command: 'init' };
    case 'checks':
    case 'explain':
      return {
        command: 'checks',
        check: values.one('check'),
        config: configOf(values),
        color: colorOf(values),
      };
    default:
      return lintArguments(values);
  }
}

function commandLine(
  context: ArgumentContext,
  choose: (command: string, parsed: Readonly<Record<string, unknown>>) => void,
): Argv {
  const parser: Argv = yargs()
    .scriptName('aks-egress-lint')
    // Otherwise messages follow LANG.
    .locale('en')
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'boolean-negation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .wrap(Math.min(100, context.columns > 0 ? context.columns : 100))
    .usageConfiguration({ 'hide-types': true })
    .version('version', 'Show the version', context.version)
    .alias('version', 'V')
    .help('help', 'Show this help')
    .alias('help', 'h')
    .group(['help', 'version'], OTHER)
    .exitProcess(false)
    // Without a throw the handler of the command would run all the same.
    .fail((message: string) => {
      throw new UsageError(withHelp(readable(message)));
    })
    .command(
      '$0 [files..]',
      'Lint firewall configurations for an AKS cluster',
      (lint) => {
        lint.options(COMMANDS['lint'] ?? {});
        lint.positional('files', {
          type: 'string',
          array: true,
          describe: 'Files and folders; - is standard input',
        });
        for (const [command, description] of EXAMPLES) lint.example(command, description);
        lint.epilogue(EXIT_CODES);
      },
      (parsed) => {
        choose('lint', parsed);
      },
    )
    .command(
      'azure',
      'Lint what is deployed in Azure: a firewall policy, and a cluster behind it',
      (azure) => {
        azure.options(COMMANDS['azure'] ?? {});
        for (const [command, description] of AZURE_EXAMPLES) azure.example(command, description);
        azure.epilogue(`${AZURE_SIGN_IN}\n\n${EXIT_CODES}\n${INTERRUPTED}`);
      },
      (parsed) => {
        choose('azure', parsed);
      },
    )
    .command(
      'requirements',
      'List what a cluster needs to reach, and why',
      (requirements) => {
        requirements.options(COMMANDS['requirements'] ?? {});
        for (const [command, description] of REQUIREMENTS_EXAMPLES)
          requirements.example(command, description);
        requirements.epilogue(REQUIREMENTS_EXIT_CODES);
      },
      (parsed) => {
        choose('requirements', parsed);
      },
    )
    .command(
      'checks',
      'List the checks',
      (checks) => checks.options(COMMANDS['checks'] ?? {}),
      (parsed) => {
        choose('checks', parsed);
      },
    )
    .command(
      'explain <check>',
      'Explain one check',
      (explain) =>
        explain
          .options(COMMANDS['explain'] ?? {})
          .positional('check', { type: 'string', describe: 'Id of a check, such as missing-required' }),
      (parsed) => {
        choose('explain', parsed);
      },
    )
    .command(
      'init',
      'Write a configuration for what is found here',
      (init) => init.options(COMMON_OPTIONS),
      (parsed) => {
        choose('init', parsed);
      },
    )
    .command(
      'completion',
      'Print a completion script for $SHELL: bash, zsh or fish',
      (completion) => completion.options(COMMON_OPTIONS),
      (parsed) => {
        parser.showCompletionScript();
        choose('completion', parsed);
      },
    );
  return parser;
}

function readable(message: string): string {
  const flag = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  if (flag !== undefined) return `${dashed(flag)} needs a value.`;
  if (message.startsWith('Not enough non-option arguments')) {
    return "Which check? Name one, as in 'aks-egress-lint explain missing-required'; 'aks-egress-lint checks' lists them.";
  }
  return message;
}

function lintArguments(values: ParsedValues): LintArguments {
  return { ...sharedArguments(values), files: values.words, clusters: values.many('cluster') };
}

/** Flags that a command does not have are as if they were not given. */
function sharedArguments(values: ParsedValues): Omit<LintArguments, 'files' | 'clusters'> {
  return {
    command: 'lint',
    format: values.choice('format', FORMATS, ' Use --output FORMAT=FILE for further reports.') ?? 'pretty',
    outputs: values.many('output').map(outputTarget),
    basePolicies: values.many('base-policy'),
    endpoints: values.many('endpoints'),
    serviceTags: values.one('service-tags'),
    sourceRoot: values.one('source-root'),
    appliance: {
      fromZones: values.many('from-zone').flatMap(commaList),
      toZones: values.many('to-zone').flatMap(commaList),
      seesDns: values.flag('sees-dns'),
    },
    policies: values.many('policy'),
    failOn: values.choice('fail-on', FAIL_ON),
    strict: values.flag('strict'),
    quiet: values.flag('quiet'),
    all: values.flag('all'),
    includeSuppressed: values.flag('sarif-include-suppressed'),
    baseline: baselineFlag(values),
    printConfig: values.flag('print-config'),
    color: colorOf(values),
    ...profileArguments(values),
    ...clusterFileArguments(values),
  };
}

function baselineFlag(values: ParsedValues): BaselineFlag | undefined {
  const read = values.one('baseline');
  const write = values.one('write-baseline');
  const prune = values.flag('prune-baseline');
  if (write !== undefined) {
    if (read !== undefined || prune) {
      const other = read === undefined ? '--prune-baseline' : '--baseline';
      throw new UsageError(
        withHelp(
          `--write-baseline and ${other} contradict each other: the one makes a baseline anew, the other reads it.`,
        ),
      );
    }
    return { mode: 'write', path: write };
  }
  if (read !== undefined) return { mode: prune ? 'prune' : 'read', path: read };
  if (prune) throw new UsageError(withHelp('--prune-baseline needs --baseline FILE, which it shortens.'));
  return undefined;
}

function requirementsArguments(values: ParsedValues): RequirementsArguments {
  return {
    command: 'requirements',
    format: values.choice('format', REQUIREMENT_FORMATS) ?? 'pretty',
    diff: values.one('diff'),
    all: values.flag('all'),
    color: colorOf(values),
    ...profileArguments(values),
    ...clusterFileArguments(values),
  };
}

function profileArguments(values: ParsedValues): ProfileArguments {
  return {
    profile: values.one('profile'),
    cloud: values.one('cloud'),
    region: values.one('region'),
    features: values.many('feature').flatMap(commaList),
    sources: values.many('source').flatMap(commaList),
    asOf: dateOf(values.one('as-of')),
    config: configOf(values),
  };
}

function configOf(values: ParsedValues): string | false | undefined {
  const config = values.one('config');
  if (!values.flag('no-config')) return config;
  if (config !== undefined)
    throw new UsageError(withHelp('--config and --no-config contradict each other: give one of them.'));
  return false;
}

function commaList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function dateOf(text: string | undefined): string | undefined {
  if (text !== undefined && !isDate(text)) {
    throw new UsageError(withHelp(`--as-of: '${text}' is no date. Expected YYYY-MM-DD, such as 2026-03-31.`));
  }
  return text;
}

function outputTarget(text: string): OutputTarget {
  const at = text.indexOf('=');
  if (at === -1) {
    throw new UsageError(
      withHelp(`--output: '${text}' names no format. Expected FORMAT=FILE, such as sarif=egress.sarif.`),
    );
  }
  const path = text.slice(at + 1);
  if (path === '') throw new UsageError(withHelp(`--output: '${text}' names no file.`));
  return { format: oneOf('--output', text.slice(0, at), FORMATS), path };
}

function colorOf(values: ParsedValues): boolean | undefined {
  if (values.flag('no-color')) return false;
  return values.flag('color') ? true : undefined;
}
