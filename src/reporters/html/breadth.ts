import type { Breadth, Report, ReportContext } from '../report.ts';
import { grouped, html, message, type Markup } from './markup.ts';
import { rounded } from './matrix.ts';
import { placeOf } from './place.ts';
import type { Section } from './section.ts';

/** What is counted in each dimension, and how much there is of it at most. */
const DIMENSIONS = {
  sources: { title: 'Sources', noun: 'address', most: 2 ** 32 },
  destinations: { title: 'Destinations', noun: 'destination', most: 2 ** 32 },
  ports: { title: 'Ports', noun: 'port', most: 65_536 },
  protocols: { title: 'Protocols', noun: 'protocol', most: 255 },
} as const satisfies Record<Breadth['dimension'], { title: string; noun: string; most: number }>;

/** Bars of what is needed and what is open, the widest first. */
export function breadthSection({ drawing }: Report, context: ReportContext): Section | undefined {
  if (drawing === undefined || drawing.breadth.length === 0) return undefined;
  const { breadth } = drawing;
  const keys = ['sources', 'destinations', 'ports', 'protocols'] as const;
  return {
    id: 'breadth',
    title: 'Breadth',
    count: breadth.length,
    body: html`<p>
        Where rules open more than the cluster needs. The scale is logarithmic: a bar of half the length is
        the square root.
      </p>
      <svg class="defs" aria-hidden="true">
        <defs>
          <linearGradient id="endless">
            <stop offset="0.2" />
            <stop offset="1" />
          </linearGradient>
        </defs>
      </svg>
      <ul class="legend">
        <li><i class="key allow" aria-hidden="true"></i> needed</li>
        <li><i class="key open" aria-hidden="true"></i> open beyond</li>
        <li><i class="key endless" aria-hidden="true"></i> open without a number</li>
      </ul>
      ${keys.map((key) => {
        const own = breadth.filter(({ dimension }) => dimension === key);
        if (own.length === 0) return undefined;
        const sorted = [...own].sort((a, b) => (b.open ?? Infinity) - (a.open ?? Infinity));
        return html`<h3>${DIMENSIONS[key].title}</h3>
          <ul class="bars">
            ${sorted.map((one) => row(one, context))}
          </ul>`;
      })}`,
  };
}

function row(one: Breadth, context: ReportContext): Markup {
  const { noun, most } = DIMENSIONS[one.dimension];
  const scale = (count: number): number => (Math.log2(count + 1) / Math.log2(most + 1)) * 100;
  const needed = one.needed === 0 ? 0 : Math.max(1.5, scale(one.needed));
  const open = one.open === undefined ? 100 : Math.min(100, scale(one.open));
  const beyond = Math.max(0, open - needed);
  const count = (number: number): string => `${grouped(number)} ${plural(number, noun)}`;
  return html`<li data-item>
    <span class="what"
      ><code>${one.text}</code> <small>rule ${one.rule}, ${placeOf(one.location, context)}</small></span
    >
    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="room" width="100" height="8" />
      <rect class="needed" width="${rounded(needed)}" height="8" />
      <rect
        class="${one.open === undefined ? 'endless' : 'open'}"
        x="${rounded(needed)}"
        width="${rounded(beyond)}"
        height="8"
      />
    </svg>
    <span class="end"
      ><b>${count(one.needed)}</b> needed,
      <b>${one.open === undefined ? message(one.excess) : count(one.open)}</b> open</span
    >
  </li> `;
}

function plural(count: number, noun: string): string {
  if (count === 1) return noun;
  return noun === 'address' ? 'addresses' : `${noun}s`;
}
