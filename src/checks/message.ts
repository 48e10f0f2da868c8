/**
 * Message templates: `{{name}}` is a value, `{{#name}}…{{/name}}` is kept where the value is not empty and
 * `{{^name}}…{{/name}}` where it is empty, as in Mustache. Sections do not nest in a section of the same name.
 */
type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly name: string }
  | {
      readonly kind: 'section';
      readonly name: string;
      readonly whenEmpty: boolean;
      readonly parts: readonly Part[];
    };

/** Values by name; a name that is not there counts as empty. */
export type MessageData = Readonly<Record<string, string>>;

const TAG = /\{\{([#^/]?)([A-Za-z]+)\}\}/g;

/**
 * Control characters, line separators, back-quotes, and spaces that are two or at an end. Looking up the classes of Unicode
 * would take V8 longer than everything that is done with them.
 */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const UNCLEAN = /[\0-\x1f\x7f-\x9f\u2028\u2029`]| {2}|^ | $/;

export class MessageTemplate {
  readonly #template: string;
  #parsed: readonly Part[] | undefined;

  constructor(template: string) {
    this.#template = template;
  }

  /** Of a catalogue of checks few fire. Throws an Error for a template that is not well-formed. */
  get #parts(): readonly Part[] {
    return (this.#parsed ??= parse(this.#template));
  }

  /** Every name that the template mentions, sorted. */
  get names(): string[] {
    return [...new Set(namesOf(this.#parts))].sort();
  }

  /**
   * One line of plain text. Values come from the user's files: line breaks and control characters would break
   * annotations, and GitHub swallows back-quotes in alert titles.
   */
  render(data: MessageData): string {
    const text = renderParts(this.#parts, data);
    // Nearly every message is clean, and looking is much faster than replacing.
    return UNCLEAN.test(text)
      ? text
          .replaceAll('`', "'")
          .replaceAll(/[\p{Cc}\p{Zl}\p{Zp} ]+/gu, ' ')
          .trim()
      : text;
  }
}

function parse(template: string): Part[] {
  const root: Part[] = [];
  const open: { name: string; parts: Part[] }[] = [{ name: '', parts: root }];
  let end = 0;
  for (const match of template.matchAll(TAG)) {
    const [tag, sign, name = ''] = match;
    const current = open.at(-1);
    if (current === undefined) break;
    if (match.index > end) current.parts.push({ kind: 'text', text: template.slice(end, match.index) });
    end = match.index + tag.length;
    if (sign === '') {
      current.parts.push({ kind: 'value', name });
    } else if (sign === '/') {
      if (open.length === 1 || current.name !== name)
        throw new Error(`No open section for ${tag}: ${template}`);
      open.pop();
    } else {
      const parts: Part[] = [];
      current.parts.push({ kind: 'section', name, whenEmpty: sign === '^', parts });
      open.push({ name, parts });
    }
  }
  if (open.length > 1) throw new Error(`Section is not closed: ${template}`);
  const rest = template.slice(end);
  if (/\{\{|\}\}/.test(template.replaceAll(TAG, ''))) throw new Error(`Malformed tag: ${template}`);
  if (rest !== '') root.push({ kind: 'text', text: rest });
  return root;
}

function namesOf(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => {
    if (part.kind === 'text') return [];
    return part.kind === 'value' ? [part.name] : [part.name, ...namesOf(part.parts)];
  });
}

function renderParts(parts: readonly Part[], data: MessageData): string {
  let text = '';
  for (const part of parts) {
    if (part.kind === 'text') text += part.text;
    else if (part.kind === 'value') text += valueOf(data, part.name);
    else if ((valueOf(data, part.name) === '') === part.whenEmpty) text += renderParts(part.parts, data);
  }
  return text;
}

function valueOf(data: MessageData, name: string): string {
  return Object.hasOwn(data, name) ? (data[name] ?? '') : '';
}
