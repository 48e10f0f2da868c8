import { outcomeOf, type Outcome } from '../feature-counts.ts';
import type { DrawnRule, DrawnRun, FlowPath, Report, RequirementRow, Run } from '../report.ts';
import { describeRun, nameOfRun, whyNothingWasJudged } from '../run-text.ts';
import { html, message, type Markup } from './markup.ts';
import { OUTCOME_MARKS, isMinor, isOpen, rounded } from './matrix.ts';
import type { Section } from './section.ts';

/** Geometry of a strip, in its own units. The rules share the room between the cluster and the end. */
const WIDTH = 560;
const HEIGHT = 34;
const FROM = 14;
const TO = 536;
const LINE = 13;
/** Where there are more rules than this, those that decide nothing stand together. */
const MOST_TICKS = 40;

const STAGES: Readonly<Record<string, string>> = {
  network: 'Network rules',
  application: 'Application rules',
  appliance: 'Rules',
};

/** How a line looks: by its outcome, unless its absence breaks nothing, or may not. */
type Look = Outcome | 'unsure' | 'minor';

/** Worst first, so that a reader begins with what breaks. */
const ORDER: readonly Look[] = [
  'missing',
  'denied',
  'broken',
  'partial',
  'unknown',
  'unsure',
  'covered',
  'minor',
];

/** A requirement with the way of its flow. */
interface Line {
  readonly row: RequirementRow;
  readonly path: FlowPath;
  readonly outcome: Outcome;
  readonly look: Look;
}

function lineOf(row: RequirementRow, path: FlowPath): Line {
  const outcome = outcomeOf(row);
  return { row, path, outcome, look: isMinor(row) ? 'minor' : isOpen(row) ? 'unsure' : outcome };
}

/** The way of each required flow through stages and rules to the one that decides it. */
export function pathsSection({ runs, drawing }: Report): Section | undefined {
  if (drawing === undefined || runs.length === 0) return undefined;
  return {
    id: 'paths',
    title: 'Paths',
    body: html`<p>
        Each line is one destination that the cluster needs, on its way through the rules in the order in
        which the firewall evaluates them, to the rule that decides it. What no rule decides is denied at the
        end.
      </p>
      <ul class="legend">
        <li><i class="key allow" aria-hidden="true"></i> allowed</li>
        <li><i class="key deny" aria-hidden="true"></i> denied</li>
        <li><i class="key maybe" aria-hidden="true"></i> cannot be decided from the files</li>
        <li><i class="key unsure" aria-hidden="true"></i> denied, and may not be needed</li>
        <li>
          <i class="key minor" aria-hidden="true"></i> denied, and needed by no cluster as far as is known
        </li>
      </ul>
      ${runs.map((run, at) => runPaths(run, drawing.runs[at], at, runs.length))}`,
  };
}

function runPaths(run: Run, drawn: DrawnRun | undefined, at: number, of: number): Markup {
  const rows = (drawn?.paths ?? []).flatMap((path, index) => {
    const row = run.requirements[index];
    return row === undefined ? [] : [lineOf(row, path)];
  });
  const sorted = ORDER.flatMap((look) => rows.filter((line) => line.look === look));
  const layout = new Layout(drawn?.rules ?? [], drawn?.paths ?? []);
  const notMet = rows.filter(({ look }) => look !== 'covered' && look !== 'minor').length;
  return html`<details class="run" id="run-${at}" ${at < 3 || of <= 5 ? html` open` : ''}>
    <summary>
      <h3>${nameOfRun(run)}</h3>
      <small>${describeRun(run)}</small>
      <span class="count">${notMet === 0 ? 'all met' : `${notMet} of ${rows.length} not met`}</span>
    </summary>
    ${
      rows.length === 0
        ? html`<p>${whyNothingWasJudged(run)}</p>`
        : html`<div class="flows">
            <div class="axis"><span></span>${axis(layout)}<span></span></div>
            <svg class="defs" aria-hidden="true">
              <defs><g id="rules-${at}">${background(layout)}</g></defs>
            </svg>
            ${sorted.map((line) => flow(line, layout, at))}
          </div>`
    }
  </details>`;
}

/** Rules that decide nothing and stand together. */
interface Gap {
  readonly from: number;
  readonly to: number;
}

/** Where the rules of a run stand on the line. The end stands behind all of them. */
class Layout {
  readonly rules: readonly DrawnRule[];
  /** Of each rule; in a gap, all of them stand in its middle. */
  readonly #xs: number[] = [];
  readonly gaps: { readonly x: number; readonly width: number; readonly count: number }[] = [];

  constructor(rules: readonly DrawnRule[], paths: readonly FlowPath[]) {
    this.rules = rules;
    const slots = slotsOf(rules, paths);
    const room = (TO - FROM) / (slots.reduce((sum, slot) => sum + weightOf(slot), 0) + 1);
    let x = FROM + room / 2;
    for (const slot of slots) {
      const width = weightOf(slot) * room;
      const count = slot.to - slot.from + 1;
      for (let at = 0; at < count; at++) this.#xs.push(x + width / 2);
      if (count > 1) this.gaps.push({ x: x + width * 0.1, width: width * 0.8, count });
      x += width;
    }
  }

  xOf(rule: number): number {
    return this.#xs[rule] ?? TO;
  }

  /** Half-way to the neighbour, where a stage begins or ends. */
  edgeOf(rule: number, side: -1 | 1): number {
    const neighbour = rule + side < 0 ? FROM : this.xOf(rule + side);
    const gap = this.gaps.find(({ x, width }) => this.xOf(rule) >= x && this.xOf(rule) <= x + width);
    if (gap !== undefined) return side < 0 ? gap.x - 3 : gap.x + gap.width + 3;
    return (this.xOf(rule) + neighbour) / 2;
  }
}

function weightOf({ from, to }: Gap): number {
  return from === to ? 1 : 1 + Math.log10(to - from + 1);
}

function slotsOf(rules: readonly DrawnRule[], paths: readonly FlowPath[]): Gap[] {
  if (rules.length <= MOST_TICKS) return rules.map((_rule, at) => ({ from: at, to: at }));
  const deciding = new Set(paths.flatMap(({ steps: own }) => own.map(({ rule }) => rule)));
  const slots: Gap[] = [];
  rules.forEach(({ stage }, at) => {
    const last = slots.at(-1);
    const joins =
      last !== undefined && !deciding.has(at) && !deciding.has(last.to) && rules[last.to]?.stage === stage;
    if (joins) slots[slots.length - 1] = { from: last.from, to: at };
    else slots.push({ from: at, to: at });
  });
  return slots;
}

function stagesOf(rules: readonly DrawnRule[]): { stage: string; from: number; to: number }[] {
  const stages: { stage: string; from: number; to: number }[] = [];
  rules.forEach(({ stage }, at) => {
    const last = stages.at(-1);
    if (last?.stage === stage) last.to = at;
    else stages.push({ stage, from: at, to: at });
  });
  return stages;
}

/** Names of the stages above the lines. */
function axis(layout: Layout): Markup {
  const labels = stagesOf(layout.rules).map(({ stage, from, to }) => {
    const start = layout.edgeOf(from, -1) + 1;
    const width = layout.edgeOf(to, 1) - 1 - start;
    const count = to - from + 1;
    const name = STAGES[stage] ?? stage;
    // A narrow stage has room for its number only.
    const text = width > name.length * 6.4 + 24 ? `${name} (${count})` : String(count);
    return html`<rect
        class="stage"
        x="${rounded(start)}"
        y="2"
        width="${rounded(width)}"
        height="16"
        rx="4"
      />
      <text x="${rounded(start + width / 2)}" y="14" text-anchor="middle">${text}</text>`;
  });
  return html`<svg class="strip" viewBox="0 0 ${WIDTH} 22" aria-hidden="true">
    ${labels}
    <text x="${TO}" y="14" text-anchor="middle">end</text>
  </svg>`;
}

/** The background that all lines of a run share: a mark for each rule or for those that stand together, and the end. */
function background(layout: Layout): Markup {
  const inGap = (x: number): boolean => layout.gaps.some((gap) => x >= gap.x && x <= gap.x + gap.width);
  const marks = layout.rules.flatMap(({ action }, at) => {
    const x = layout.xOf(at);
    return inGap(x) ? [] : [html`<circle class="tick ${action}" cx="${rounded(x)}" cy="${LINE}" r="2.5" />`];
  });
  const bands = layout.gaps.map(
    ({ x, width, count }) =>
      html`<rect class="band" x="${rounded(x)}" y="${LINE - 4}" width="${rounded(width)}" height="8" rx="4" />
        <text class="many" x="${rounded(x + width / 2)}" y="${LINE + 16}" text-anchor="middle">
          ${count} rules
        </text>`,
  );
  return html`${bands}${marks}<line class="wall" x1="${TO}" y1="1" x2="${TO}" y2="${LINE * 2 - 1}" />
    <circle class="start" cx="${FROM - 6}" cy="${LINE}" r="4" />`;
}

function flow(line: Line, layout: Layout, at: number): Markup {
  const { row, outcome, look } = line;
  return html`<details class="flow ${look}" data-item>
    <summary>
      <span class="what"
        ><i class="dot ${look}" aria-hidden="true">${OUTCOME_MARKS[outcome]}</i
        ><span><code>${row.destination}</code> <small>${row.protocol} ${row.port}</small></span></span
      >
      ${strip(line, layout, at)}
      <span class="end">${endText(line, layout.rules)}</span>
    </summary>
    <ol class="steps">
      ${steps(line, layout.rules)}
    </ol>
    <p class="more">
      ${row.feature}, ${row.necessity}${row.applies === 'unknown' ? ', may apply' : ''},
      ${row.id}${row.row === undefined ? '' : ` (${row.row})`}. ${message(row.note)}
    </p>
  </details> `;
}

/** The line of one flow: solid where it is certain, dashed where it is not, down where it is let out. */
function strip(line: Line, layout: Layout, at: number): Markup {
  const { row, path, outcome } = line;
  const marks: Markup[] = [];
  let x = FROM - 2;
  const tone =
    outcome === 'covered'
      ? 'allow'
      : outcome === 'unknown'
        ? 'maybe'
        : outcome === 'broken'
          ? 'maybe'
          : 'deny';
  const draw = (to: number, style: string): void => {
    if (to > x)
      marks.push(
        html`<line class="way ${style}" x1="${rounded(x)}" y1="${LINE}" x2="${rounded(to)}" y2="${LINE}" />`,
      );
    x = Math.max(x, to);
  };
  let kind = tone;
  for (const step of path.steps) {
    const to = layout.xOf(step.rule);
    draw(to, kind);
    if (!step.isCertain) kind = 'maybe';
    const style = step.isCertain ? step.action : 'maybe';
    if (step.action === 'allow')
      marks.push(html`<path class="out ${style}" d="M${rounded(to)} ${LINE}v12m-4-4l4 5l4-5" />`);
    marks.push(html`<circle class="stop ${style}" cx="${rounded(to)}" cy="${LINE}" r="5" />`);
    if (step.action === 'deny') marks.push(cross(to, 2.2));
  }
  if (path.reachesEnd) {
    draw(TO, outcome === 'unknown' ? 'maybe' : 'deny');
    marks.push(
      html`<circle class="stop ${outcome === 'unknown' ? 'maybe' : 'deny'}" cx="${TO}" cy="${LINE}" r="6" />`,
      cross(TO, 2.6),
    );
  }
  const label = `${row.destination} ${row.protocol} ${row.port}: ${endText(line, layout.rules)}`;
  return html`<svg class="strip" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
    <use href="#rules-${at}" />
    ${marks}
  </svg>`;
}

function cross(x: number, size: number): Markup {
  const [left, right] = [rounded(x - size), rounded(x + size)];
  return html`<path
    class="cross"
    d="M${left} ${LINE - size}L${right} ${LINE + size}M${right} ${LINE - size}L${left} ${LINE + size}"
  />`;
}

function nameOf(rule: DrawnRule | undefined): string {
  if (rule === undefined) return 'a rule';
  if (rule.opaque !== undefined) return 'rules that are not known';
  return rule.name === '' ? 'a rule without a name' : rule.name;
}

/** The end of the way in a few words. */
function endText({ path, outcome, look }: Line, rules: readonly DrawnRule[]): string {
  const text = decisionText(path, outcome, rules);
  if (look === 'unsure') return `${text}; may not be needed`;
  return look === 'minor' ? `${text}; only documented` : text;
}

function decisionText({ steps: all }: FlowPath, outcome: Outcome, rules: readonly DrawnRule[]): string {
  const named = (action: 'allow' | 'deny'): string => {
    const own = all.filter((step) => step.action === action).map(({ rule }) => nameOf(rules[rule]));
    const [first = 'a rule'] = own;
    return own.length > 1 ? `${first} and ${own.length - 1} more` : first;
  };
  switch (outcome) {
    case 'covered':
      return all.length === 0 ? 'allowed' : `allowed by ${named('allow')}`;
    case 'broken':
      return `allowed by ${named('allow')}, but does not work`;
    case 'denied':
      return `denied by ${named('deny')}`;
    case 'partial':
      return `partly allowed by ${named('allow')}`;
    case 'missing':
      return all.length === 0 ? 'no rule allows it' : `denied by ${named('deny')}`;
    case 'unknown':
      return all.length === 0 ? 'cannot be decided' : `depends on ${nameOf(rules[all[0]?.rule ?? 0])}`;
  }
}

/** The way again, stop by stop, for those who read it. */
function steps({ row, path, outcome }: Line, rules: readonly DrawnRule[]): Markup[] {
  const items: Markup[] = [
    html`<li class="start">leaves the cluster for <code>${row.destination}</code></li>`,
  ];
  let next = 0;
  const pass = (to: number): void => {
    for (const { stage, from, to: last } of stagesOf(rules)) {
      const count = Math.min(last, to - 1) - Math.max(from, next) + 1;
      if (count > 0)
        items.push(
          html`<li class="pass">
            passes ${count} ${(STAGES[stage] ?? stage).toLowerCase().replace(/s$/, count === 1 ? '' : 's')}
          </li>`,
        );
    }
    next = Math.max(next, to + 1);
  };
  for (const { rule: position, action, isCertain } of path.steps) {
    if (position >= next) pass(position);
    const rule = rules[position];
    if (rule === undefined) continue;
    const does = isCertain ? `${action === 'allow' ? 'allows' : 'denies'} it` : `may ${action} it`;
    const where = [rule.group, rule.collection].filter((part) => part !== '').join(' › ');
    items.push(
      html`<li class="${isCertain ? action : 'maybe'}">
        <b>${nameOf(rule)}</b> ${does}<small
          >${where === '' ? '' : `${where}, `}${rule.location.path}:${rule.location.startLine}${rule.opaque === undefined ? '' : `: ${rule.opaque}`}</small
        >
      </li>`,
    );
  }
  if (path.reachesEnd) {
    pass(rules.length);
    const unsure = outcome === 'unknown';
    items.push(
      html`<li class="${unsure ? 'maybe' : 'deny'}">
        <b>End of the rules</b>
        ${unsure ? 'may deny it' : path.steps.length === 0 ? 'denies it' : 'denies what is left'}
      </li>`,
    );
  }
  return items;
}
