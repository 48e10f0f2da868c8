import { FORMATS } from '../reporters/index.ts';
import { COMMANDS, COMMAND_NAMES, REQUIREMENT_FORMATS } from './options.ts';
import { FAIL_ON } from './threshold.ts';

/**
 * Completions of the last word, one a line; where there are none, the shell completes file names.
 * @param words what is typed so far: from the program's name in bash and zsh, after it in fish
 */
export function completions(words: readonly string[]): string {
  const typed = words[0]?.endsWith('aks-egress-lint') === true ? words.slice(1) : words;
  const current = typed.at(-1) ?? '';
  const command = typed.slice(0, -1).find((word) => COMMAND_NAMES.includes(word)) ?? 'lint';
  const candidates =
    flagValues(typed.at(-2) ?? '', command) ??
    (current.startsWith('-')
      ? Object.keys(COMMANDS[command] ?? {}).map((name) => `--${name}`)
      : typed.length <= 1
        ? COMMAND_NAMES
        : []);
  return candidates
    .filter((name) => name.startsWith(current))
    .map((name) => `${name}\n`)
    .join('');
}

function flagValues(flag: string, command: string): readonly string[] | undefined {
  switch (flag) {
    case '-f':
    case '--format':
      return command === 'requirements' ? REQUIREMENT_FORMATS : FORMATS;
    case '-o':
    case '--output':
      return FORMATS.map((format) => `${format}=`);
    case '--fail-on':
      return FAIL_ON;
    case '--profile':
      return ['public', 'private', 'network-isolated'];
    case '--cloud':
      return ['AzureCloud', 'AzureChinaCloud', 'AzureUSGovernment'];
    default:
      return undefined;
  }
}
