import { Repository } from '../cli/repository.ts';

/** A fenced block of a page. */
interface Block {
  readonly language: string;
  readonly lines: readonly string[];
}

/** One section of a page, with the files and commands in it. */
export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** The sections below `##` headings; what stands before the first one is called ''. */
export function sectionsOf(markdown: string): readonly Section[] {
  const sections: { title: string; blocks: Block[] }[] = [{ title: '', blocks: [] }];
  let open: { language: string; lines: string[] } | undefined;
  for (const line of markdown.split('\n')) {
    const fence = /^```(\w*)/.exec(line);
    if (fence !== null && open === undefined) {
      open = { language: fence[1] ?? '', lines: [] };
      sections.at(-1)?.blocks.push(open);
    } else if (fence !== null) {
      open = undefined;
    } else if (open !== undefined) {
      open.lines.push(line);
    } else if (line.startsWith('## ')) {
      sections.push({ title: line.slice(3), blocks: [] });
    }
  }
  return sections;
}

/** A file of a page: its first line is a comment with nothing but the name. */
function fileIn({ lines }: Block): { path: string; text: string } | undefined {
  const path =
    /^(?:#|\/\/|!|<!--) (\S+\.(?:ya?ml|jsonc?|tf|tfvars|bicep|bicepparam|set|conf|cfg|md))(?: -->)?$/.exec(
      lines[0] ?? '',
    )?.[1];
  return path === undefined ? undefined : { path, text: `${lines.join('\n')}\n` };
}

export interface Command {
  readonly line: string;
  /** `…` stands for any number of lines. */
  readonly expected: readonly string[];
  readonly found: readonly string[];
}

/**
 * Does what a reader of a section would do: writes the files of the page's head and of the section, and runs the commands
 * of its `console` blocks, all in one repository. `echo $?` prints the exit code of the command before it.
 */
export async function runSection(head: Section | undefined, section: Section): Promise<readonly Command[]> {
  const repository = new Repository();
  try {
    const commands: Command[] = [];
    let exitCode = 0;
    for (const block of [...(head?.blocks ?? []), ...section.blocks]) {
      const file = fileIn(block);
      if (file !== undefined) repository.write(file.path, file.text);
      if (block.language !== 'console') continue;
      for (const { line, expected } of commandsIn(block)) {
        if (line === 'echo $?') {
          commands.push({ line, expected, found: [String(exitCode)] });
          continue;
        }
        const [program, ...words] = wordsOf(line);
        if (program === 'cat') {
          commands.push({ line, expected, found: linesOf(repository.read(words[0] ?? '')) });
          continue;
        }
        if (program !== 'aks-egress-lint') throw new Error(`A page runs ${line}`);
        const { code, stdout, stderr } = await repository.run(...words);
        exitCode = code;
        commands.push({ line, expected, found: linesOf(stdout + stderr) });
      }
    }
    return commands;
  } finally {
    repository.remove();
  }
}

function commandsIn({ lines }: Block): { line: string; expected: string[] }[] {
  const commands: { line: string; expected: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith('$ ')) commands.push({ line: line.slice(2), expected: [] });
    else commands.at(-1)?.expected.push(line);
  }
  return commands;
}

function linesOf(text: string): string[] {
  return text.trimEnd().split('\n');
}

/** Words as a shell splits them, with double and single quotes. */
function wordsOf(line: string): string[] {
  return Array.from(
    line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g),
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

/** What is expected and not found, in order; undefined where everything is. */
export function firstDifference({ expected, found }: Command): string | undefined {
  let at = 0;
  let maySkip = false;
  for (const line of expected) {
    if (line.trim() === '…') {
      maySkip = true;
      continue;
    }
    const next = maySkip ? found.indexOf(line, at) : found[at] === line ? at : -1;
    if (next === -1) return `expected ${JSON.stringify(line)}, found ${JSON.stringify(found.slice(at))}`;
    at = next + 1;
    maySkip = false;
  }
  return maySkip || at === found.length ? undefined : `not expected: ${JSON.stringify(found.slice(at))}`;
}
