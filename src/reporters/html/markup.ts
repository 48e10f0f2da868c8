import { segmentsOf } from '../quoted-names.ts';
import { printable } from '../text-layout.ts';

/** HTML that is safe to put into HTML. Only `html` makes it from other text, which it escapes. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | undefined | readonly Content[];

/**
 * A template whose values are escaped, unless they are markup; lists are joined, undefined is nothing. Indentation is for
 * those who read the source, not for the page.
 */
export function html(template: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let parts = dedented.get(template);
  if (parts === undefined) {
    parts = template.map((part) => part.replaceAll(/\n\s*/g, '\n'));
    dedented.set(template, parts);
  }
  let text = parts[0] ?? '';
  for (const [at, value] of values.entries()) text += textOf(value) + (parts[at + 1] ?? '');
  return new Markup(text);
}

const dedented = new WeakMap<TemplateStringsArray, readonly string[]>();

function textOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return escape(content);
  return content.map(textOf).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Line breaks and tabs stay; what could hide or reorder text does not. */
function visible(text: string): string {
  return text
    .split('\n')
    .map((line) => line.split('\t').map(printable).join('\t'))
    .join('\n');
}

/** A message, with the names that it quotes in code type. */
export function message(text: string): Markup {
  return html`${segmentsOf(text).map((segment) =>
    segment.isName ? html`<code>${segment.text}</code>` : segment.text,
  )}`;
}

/** 65,535, whatever the locale. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}
