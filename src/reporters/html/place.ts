import type { Location, ReportContext } from '../report.ts';
import { html, type Markup } from './markup.ts';

/** "infra/hub.json:42", a link where the place has an address. */
export function placeOf(location: Location, context: ReportContext): Markup {
  const { path, startLine, address } = location;
  const name = `${path === '-' ? 'standard input' : path}:${startLine}`;
  const url = context.urlOf?.(location);
  const place =
    url === undefined
      ? html`<span class="place">${name}</span>`
      : html`<a class="place" href="${url}">${name}</a>`;
  return address === undefined ? place : html`${place} <span class="place">${address}</span>`;
}
