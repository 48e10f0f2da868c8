import { InputError } from '../../errors.ts';
import type { Place } from '../../model/place.ts';
import { REMARK } from '../../model/remark.ts';
import { positionAt } from '../json/value.ts';
import { newEntry, type Entry, type Section, type Sections, type Word } from './tree.ts';

/** A comment with the entry that begins behind it. */
export interface Comment {
  readonly text: string;
  readonly start: number;
  about: Place | undefined;
}

export interface ConfigText {
  /** By virtual domain; '' for a device without any, and for what is global. */
  readonly domains: ReadonlyMap<string, Sections>;
  readonly comments: readonly Comment[];
}

/** Everything else of a backup, such as certificates and replacement messages, is passed over. */
const KEPT =
  /^(?:firewall|webfilter|application|system (?:interface|zone|settings|global|sdwan|virtual-wan-link)|router static)\b/;

/** Deeper than FortiOS nests. */
const DEEPEST = 64;

/** Reads a configuration or script. Throws an InputError for quotation marks and blocks that are not closed. */
export function readConfig(path: string, text: string): ConfigText {
  return new ConfigReader(path, text).read();
}

interface Frame {
  readonly section: MutableSection | undefined;
  /** The entry that is being edited. */
  entry: MutableEntry | undefined;
  readonly start: number;
  readonly name: string;
}

type MutableSection = Section & { place: Place };
type MutableEntry = Entry & { place: Place };

class ConfigReader {
  readonly #path: string;
  readonly #text: string;
  readonly #domains = new Map<string, Map<string, Section>>();
  readonly #comments: Comment[] = [];
  #pending: Comment[] = [];
  readonly #open: Frame[] = [];
  #domain = '';

  constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
  }

  read(): ConfigText {
    const text = this.#text;
    let at = text.startsWith('\uFEFF') ? 1 : 0;
    while (at < text.length) {
      const words: Word[] = [];
      at = this.#words(at, words);
      const [command, ...rest] = words;
      if (command !== undefined) this.#command(command, rest);
    }
    const left = this.#open.at(-1);
    if (left !== undefined)
      throw this.#broken(`'config ${left.name}' is not closed; expected an 'end'`, left.start);
    return { domains: this.#domains, comments: this.#comments };
  }

  #command(command: Word, rest: readonly Word[]): void {
    const start = command.place.span?.start ?? 0;
    switch (command.text) {
      case 'config':
        this.#config(rest.map(({ text }) => text).join(' '), start);
        break;
      case 'edit':
        this.#edit(rest[0], start);
        break;
      case 'next': {
        const frame = this.#frame('next', start);
        if (frame.entry === undefined) throw this.#broken("'next' without an 'edit' before it", start);
        this.#finish(frame, start + command.text.length);
        break;
      }
      case 'end': {
        const frame = this.#frame('end', start);
        this.#finish(frame, start);
        if (frame.section !== undefined)
          frame.section.place = this.#place(frame.start, start + command.text.length);
        this.#open.pop();
        if (this.#open.length === 0) this.#domain = '';
        break;
      }
      case 'set':
      case 'append':
      case 'unset':
      case 'select':
        this.#set(command.text, rest, start);
        break;
      case 'delete':
        this.#open.at(-1)?.section?.entries.delete(rest[0]?.text ?? '');
        break;
      case 'move':
        this.#move(rest.map(({ text }) => text));
        break;
      default:
        break;
    }
  }

  #config(name: string, start: number): void {
    if (this.#open.length >= DEEPEST)
      throw this.#broken(`blocks are nested more than ${DEEPEST} deep`, start);
    const around = this.#open.at(-1);
    const isTop = around === undefined || around.name === 'vdom' || around.name === 'global';
    const isHome = name === 'vdom' || name === 'global';
    let section: MutableSection | undefined;
    if (around?.section !== undefined && !isTop) {
      const parent = around.entry ?? around.section.own;
      section = this.#section(parent.sections, name, start);
    } else if (isTop && !isHome && KEPT.test(name)) {
      const sections = this.#domains.get(this.#domain) ?? new Map<string, Section>();
      this.#domains.set(this.#domain, sections);
      section = this.#section(sections, name, start);
    }
    this.#open.push({ section, entry: undefined, start, name });
  }

  #section(sections: Map<string, Section>, name: string, start: number): MutableSection {
    const known = sections.get(name);
    if (known !== undefined) return known;
    const place = this.#place(start, start + 'config '.length + name.length);
    const section: Section = { name, place, entries: new Map(), own: newEntry('', place) };
    sections.set(name, section);
    return section;
  }

  #edit(key: Word | undefined, start: number): void {
    const frame = this.#frame('edit', start);
    if (key === undefined) throw this.#broken("'edit' names nothing; expected a name or number", start);
    if (frame.name === 'vdom') {
      this.#domain = key.text;
      if (!this.#domains.has(key.text)) this.#domains.set(key.text, new Map());
      frame.entry = newEntry(key.text, key.place);
      return;
    }
    if (frame.section === undefined) {
      frame.entry = newEntry(key.text, key.place);
      return;
    }
    const known = frame.section.entries.get(key.text);
    const entry = known ?? newEntry(key.text, this.#place(start, key.place.span?.end ?? start));
    frame.section.entries.set(key.text, entry);
    frame.entry = entry;
    for (const comment of this.#pending) comment.about = entry.place;
    this.#pending = [];
  }

  #finish(frame: Frame, end: number): void {
    const { entry } = frame;
    if (entry !== undefined && frame.section !== undefined) {
      const whole = this.#place(entry.place.span?.start ?? frame.start, end);
      for (const comment of this.#comments) if (comment.about === entry.place) comment.about = whole;
      entry.place = whole;
    }
    frame.entry = undefined;
    if (frame.name === 'vdom') this.#domain = '';
  }

  #set(command: string, [key, ...values]: readonly Word[], start: number): void {
    const frame = this.#frame(command, start);
    const entry = frame.entry ?? frame.section?.own;
    if (entry === undefined || frame.section === undefined || key === undefined) return;
    if (command === 'unset') {
      entry.settings.delete(key.text);
      return;
    }
    const before = command === 'set' ? [] : (entry.settings.get(key.text)?.values ?? []);
    const place = this.#place(start, (values.at(-1) ?? key).place.span?.end ?? start);
    entry.settings.set(key.text, { key: key.text, values: [...before, ...values], place });
  }

  #move([key = '', where, target = '']: readonly string[]): void {
    const entries = this.#open.at(-1)?.section?.entries;
    const entry = entries?.get(key);
    if (entries === undefined || entry === undefined || !entries.has(target)) return;
    const others = [...entries].filter(([name]) => name !== key);
    const at = others.findIndex(([name]) => name === target) + (where === 'after' ? 1 : 0);
    others.splice(at, 0, [key, entry]);
    entries.clear();
    for (const [name, one] of others) entries.set(name, one);
  }

  #frame(command: string, start: number): Frame {
    const frame = this.#open.at(-1);
    if (frame === undefined) throw this.#broken(`'${command}' outside of any 'config'`, start);
    return frame;
  }

  /** Words of one line; a quoted word may go on over several. Returns the offset behind it. */
  #words(from: number, words: Word[]): number {
    const text = this.#text;
    let at = from;
    for (;;) {
      while (text[at] === ' ' || text[at] === '\t' || text[at] === '\r') at += 1;
      const first = text[at];
      if (first === undefined || first === '\n') return at + 1;
      const start = at;
      if (first === '#' && words.length === 0) {
        const end = text.indexOf('\n', at);
        const stop = end < 0 ? text.length : end;
        this.#comment(start, text.slice(start + 1, stop));
        return stop + 1;
      }
      let word = '';
      while (at < text.length && !/\s/.test(text.charAt(at))) {
        const here = text.charAt(at);
        if (here === '"' || here === "'") {
          const end = this.#closing(here, at + 1);
          word += text.slice(at + 1, end).replace(/\\(.)/gs, '$1');
          at = end + 1;
        } else if (here === '\\' && at + 1 < text.length) {
          word += text.charAt(at + 1);
          at += 2;
        } else {
          word += here;
          at += 1;
        }
      }
      words.push({ text: word, place: this.#place(start, at) });
    }
  }

  #closing(quote: string, from: number): number {
    for (let at = from; at < this.#text.length; at += 1) {
      const here = this.#text.charAt(at);
      if (here === '\\') at += 1;
      else if (here === quote) return at;
    }
    throw this.#broken('a quotation mark is not closed; expected another one behind the value', from - 1);
  }

  #comment(start: number, written: string): void {
    const text = written.replace(/^#+/, '').trim();
    if (!text.includes(REMARK)) return;
    const comment: Comment = { text, start, about: undefined };
    this.#comments.push(comment);
    this.#pending.push(comment);
  }

  /** Lines tell a place here: a pointer is only needed to be one of its own. */
  #place(start: number, end: number): Place {
    return { path: this.#path, pointer: `/${start}`, span: { start, end } };
  }

  #broken(problem: string, at: number): InputError {
    return new InputError(this.#path, `the configuration is broken: ${problem}`, positionAt(this.#text, at));
  }
}
