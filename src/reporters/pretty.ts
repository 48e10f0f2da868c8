import { lineStarts } from '../locate/index.ts';
import {
  LEVELS,
  checksById,
  distinctRelated,
  groupsByPlace,
  manySentence,
  notesOf,
  rankOf,
} from './aggregate.ts';
import type { Group, Related } from './aggregate.ts';
import { paintLevel, painter, plural } from './paint.ts';
import type { Paint } from './paint.ts';
import { quoteSource } from './pretty-source.ts';
import type { Mark, SourceStyle } from './pretty-source.ts';
import { summarizeRun, verdictLine } from './pretty-summary.ts';
import type { CheckDoc, Finding, Location, Report, ReportContext } from './report.ts';
import { namesOfRuns } from './run-text.ts';
import { displayWidth, printable, wrap } from './text-layout.ts';

/** Longer lines are hard to read, however wide the terminal. */
const WIDEST = 120;
const NARROWEST = 40;
const NO_TERMINAL = 100;
const MOST_RELATED = 6;
const MOST_ITEMS = 6;

/**
 * `--format pretty`: findings by file and line with the source they are about, then what is covered per feature, then
 * one line that sums up. A check's advice and documentation stand at its first finding only.
 */
export function pretty(report: Report, context: ReportContext): string {
  const writer = new Writer(report, context);
  return `${writer.write().join('\n')}\n`;
}

class Writer {
  readonly #report: Report;
  readonly #context: ReportContext;
  readonly #paint: Paint;
  readonly #width: number;
  readonly #check: (id: string) => CheckDoc;
  readonly #explained = new Set<string>();
  readonly #noteOf: (finding: Finding) => string;

  constructor(report: Report, context: ReportContext) {
    this.#report = report;
    this.#context = context;
    this.#paint = painter(context.color);
    this.#width = context.width > 0 ? Math.min(Math.max(context.width, NARROWEST), WIDEST) : NO_TERMINAL;
    this.#check = checksById(context.checks);
    this.#noteOf = notesOf(report);
  }

  write(): string[] {
    const shown = this.#report.findings.filter((finding) => !finding.suppressed);
    const output: string[] = [];
    for (const [path, findings] of byFile(this.#report, shown)) {
      output.push(this.#fileHead(path, findings), '');
      for (const group of this.#groups(findings)) output.push(...this.#block(group), '');
    }
    for (const run of this.#report.runs) output.push(...summarizeRun(run, this.#width, this.#paint), '');
    for (const notice of this.#report.notices) output.push(...this.#notice(notice));
    if (this.#report.notices.length > 0) output.push('');
    output.push(verdictLine(this.#report, this.#paint));
    return output;
  }

  #groups(findings: readonly Finding[]): Group[] {
    return groupsByPlace(findings).sort(
      (a, b) =>
        a.first.location.startLine - b.first.location.startLine ||
        a.first.location.startColumn - b.first.location.startColumn ||
        rankOf(a.level) - rankOf(b.level),
    );
  }

  #fileHead(path: string, findings: readonly Finding[]): string {
    const name = path === '-' ? 'standard input' : printable(path);
    const counts = LEVELS.flatMap((level) => {
      const count = findings.filter((finding) => finding.level === level).length;
      return count === 0 ? [] : [{ level, text: plural(count, level) }];
    });
    const plain = counts.map(({ text }) => text).join(', ');
    const rule = '─'.repeat(Math.max(2, this.#width - displayWidth(name) - displayWidth(plain) - 5));
    const painted = counts.map(({ level, text }) => paintLevel(this.#paint, level, text)).join(', ');
    return `${this.#paint('dim', '──')} ${this.#paint('bold', name)} ${this.#paint('dim', rule)} ${painted}`;
  }

  #block(group: Group): string[] {
    const check = this.#check(group.check);
    const related = distinctRelated(group).slice(0, MOST_RELATED);
    const lines = [group.first.location, ...related.map((one) => one.location)].map((at) => at.endLine);
    const digits = String(Math.max(...lines)).length;
    return [
      ...this.#message(group, check),
      ...this.#source(group, related, digits),
      ...this.#footer(group, check, ' '.repeat(digits + 1)),
    ];
  }

  #message(group: Group, check: CheckDoc): string[] {
    const head = `${group.level}[${group.check}]`;
    const painted = paintLevel(this.#paint, group.level, head);
    const messages = this.#messages(group);
    const [only = ''] = messages;
    const text =
      messages.length === 1
        ? only
        : (manySentence(check, group, MOST_ITEMS) ?? plural(messages.length, 'finding') + ' here:');
    const [title, details] = splitSentence(text);
    const [first = '', ...rest] = wrap(title, this.#width - 2, displayWidth(head) - 1);
    const output = [
      `${painted} ${this.#paint('bold', first)}`,
      ...rest.map((line) => `  ${this.#paint('bold', line)}`),
      ...(details === '' ? [] : wrap(details, this.#width - 2).map((line) => `  ${line}`)),
    ];
    if (messages.length > 1) {
      for (const message of messages) {
        const [lead = '', ...more] = wrap(message, this.#width - 4);
        output.push(`  • ${lead}`, ...more.map((line) => `    ${line}`));
      }
    }
    return output;
  }

  /** Distinct messages, each with its near miss where there are several and so no footer for it. */
  #messages(group: Group): string[] {
    const bare = new Set(group.findings.map((finding) => printable(finding.message)));
    if (bare.size === 1) return [...bare];
    const full = group.findings.map((finding) =>
      [finding.message, this.#noteOf(finding)]
        .filter((part) => part !== '')
        .map(printable)
        .join(' '),
    );
    return [...new Set(full)];
  }

  #source(group: Group, related: readonly Related[], digits: number): string[] {
    const { location } = group.first;
    const here = related.filter((one) => one.location.path === location.path);
    const same = here.find((one) => isSamePlace(one.location, location));
    const marks: Mark[] = [
      { region: location, primary: true, label: same?.text ?? '' },
      ...here
        .filter((one) => one !== same)
        .map((one) => ({ region: one.location, primary: false, label: one.text })),
    ];
    const quoted = this.#quote(location.path, marks, digits, group);
    const output = [this.#position('┌─', location, digits), ...quoted];
    for (const one of related) {
      if (one.location.path === location.path && quoted.length > 0) continue;
      const elsewhere = this.#quote(
        one.location.path,
        [{ region: one.location, primary: false, label: one.text }],
        digits,
        group,
      );
      const unquoted = `${' '.repeat(digits + 1)}${this.#paint('dim', '│')} ${printable(one.text)}`;
      output.push(
        this.#position('├─', one.location, digits),
        ...(elsewhere.length > 0 ? elsewhere : [unquoted]),
      );
    }
    return output;
  }

  #position(corner: string, { path, startLine, startColumn }: Location, digits: number): string {
    const name = path === '-' ? '<stdin>' : printable(path);
    const painted = this.#paint('cyan', `${name}:${startLine}:${startColumn}`);
    return `${' '.repeat(digits + 1)}${this.#paint('dim', corner)} ${painted}`;
  }

  #quote(path: string, marks: readonly Mark[], digits: number, group: Group): string[] {
    const text = this.#context.textOf(path);
    if (text === undefined || text.trim() === '') return [];
    const style: SourceStyle = {
      gutter: (part) => this.#paint('dim', part),
      context: (part) => this.#paint('dim', part),
      primary: (part) => paintLevel(this.#paint, group.level, part),
      related: (part) => this.#paint('cyan', part),
    };
    return quoteSource(text, lineStarts(text), marks, { digits, width: this.#width, style });
  }

  #footer(group: Group, check: CheckDoc, indent: string): string[] {
    const notes: [string, string][] = [];
    const note = group.findings.length === 1 ? this.#noteOf(group.first) : '';
    if (note !== '') notes.push(['note', note]);
    if (this.#report.runs.length > 1) notes.push(['in', namesOfRuns(group.findings, this.#report)]);
    const { address } = group.first.location;
    if (group.findings.length === 1 && address?.includes('#/') === true) notes.push(['at', address]);
    if (!this.#explained.has(group.check)) {
      this.#explained.add(group.check);
      notes.push(['fix', check.fix]);
      if (check.url !== undefined) notes.push(['docs', check.url]);
    }
    return notes.flatMap(([label, text]) => {
      const [first = '', ...rest] = wrap(printable(text), this.#width - indent.length - label.length - 4);
      return [
        `${indent}${this.#paint('dim', '=')} ${this.#paint('bold', `${label}:`)} ${first}`,
        ...rest.map((line) => ' '.repeat(indent.length + label.length + 4) + line),
      ];
    });
  }

  #notice(notice: string): string[] {
    const [first = '', ...rest] = wrap(printable(notice), this.#width - 2);
    return [`${this.#paint('blue', 'ℹ')} ${first}`, ...rest.map((line) => `  ${line}`)];
  }
}

const ASCII = /^[ -~]*$/;

/** The first sentence and the rest: a host name's dots end no sentence. */
function splitSentence(text: string): [string, string] {
  // Looking up the class of capital letters takes V8 longer than the rest of a finding.
  const end = (ASCII.test(text) ? /[.!?] (?=[A-Z'"])/ : /[.!?] (?=[\p{Lu}'"])/u).exec(text);
  return end === null ? [text, ''] : [text.slice(0, end.index + 1), text.slice(end.index + 2)];
}

/** Files in the order in which they were read, then others by name. */
function byFile(report: Report, findings: readonly Finding[]): [string, Finding[]][] {
  const files = new Map<string, Finding[]>(report.inputs.map((input) => [input.path, []]));
  const others = [...new Set(findings.map((finding) => finding.location.path))].filter(
    (path) => !files.has(path),
  );
  for (const path of others.sort()) files.set(path, []);
  for (const finding of findings) files.get(finding.location.path)?.push(finding);
  return [...files].filter(([, list]) => list.length > 0);
}

function isSamePlace(a: Location, b: Location): boolean {
  return a.startLine === b.startLine && a.startColumn === b.startColumn && a.endColumn === b.endColumn;
}
