import { OUTCOMES, countFeatures, outcomeOf, type Counts, type Outcome } from '../feature-counts.ts';
import type { Report, RequirementRow, Run } from '../report.ts';
import { describeRun } from '../run-text.ts';
import { html, type Markup } from './markup.ts';
import type { Section } from './section.ts';

/** The worst first, in which a cell is coloured. */
const WORST_FIRST: readonly Outcome[] = ['missing', 'denied', 'broken', 'partial', 'unknown', 'covered'];

export const OUTCOME_MARKS = {
  covered: '✔',
  partial: '◐',
  denied: '⊘',
  missing: '✖',
  unknown: '?',
  broken: '⚠',
} as const satisfies Record<Outcome, string>;

/** Features × runs: how many requirements of each feature are met for each cluster. */
export function matrixSection({ runs, drawing }: Report): Section | undefined {
  if (runs.length === 0) return undefined;
  const columns = runs.map((run) => {
    const rows = run.requirements.filter(({ applies }) => applies !== 'no');
    const minor = countFeatures(rows.filter(isMinor));
    const open = countFeatures(rows.filter((row) => !isMinor(row) && isOpen(row)));
    return { run, ...countFeatures(rows.filter((row) => !isMinor(row) && !isOpen(row))), minor, open };
  });
  const features = [
    ...new Set(
      columns.flatMap(({ features: own, minor, open }) =>
        [own, open.features, minor.features].flatMap((counts) => [...counts.keys()]),
      ),
    ),
  ];
  const used = OUTCOMES.filter((outcome) => columns.some(({ total }) => total[outcome] > 0));
  return {
    id: 'coverage',
    title: 'Coverage',
    body: html`<p>
        Requirements that the firewall meets, by feature${runs.length > 1 ? ' and cluster' : ''}.
      </p>
      <div class="scroll" tabindex="0" role="group" aria-label="Coverage by feature">
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">Feature</th>
              ${columns.map(({ run }, at) => html`<th scope="col">${drawing === undefined ? titleOf(run) : html`<a href="#run-${at}">${titleOf(run)}</a>`}<small>${describeRun(run)}</small></th>`)}
            </tr>
          </thead>
          <tbody>
            ${features.map(
              (feature) =>
                html`<tr>
                  <th scope="row">${feature}</th>
                  ${columns.map(({ features: own, minor, open }) => cell(own.get(feature), open.features.get(feature), minor.features.get(feature)))}
                </tr>`,
            )}
            ${
              features.length > 1
                ? html`<tr class="all">
                    <th scope="row">all</th>
                    ${columns.map(({ total, minor, open }) => cell(total, open.total, minor.total))}
                  </tr>`
                : undefined
            }
          </tbody>
        </table>
      </div>
      <ul class="legend">
        ${used.map((outcome) => html`<li><i class="dot ${outcome}" aria-hidden="true">${OUTCOME_MARKS[outcome]}</i> ${outcome}</li>`)}
      </ul>`,
  };
}

function titleOf({ policy, cluster }: Run): string {
  return cluster ?? policy;
}

/** The article prints it and no cluster is known to need it, so that its absence breaks nothing. */
export function isMinor(row: RequirementRow): boolean {
  return row.isDocumentedOnly === true && outcomeOf(row) !== 'covered';
}

/** Whether the cluster needs it is not known, and it is not allowed as it should be. */
export function isOpen(row: RequirementRow): boolean {
  return row.applies === 'unknown' && outcomeOf(row) !== 'covered';
}

function sum(counts: Counts | undefined): number {
  return counts === undefined ? 0 : OUTCOMES.reduce((total, outcome) => total + counts[outcome], 0);
}

function cell(counts: Counts | undefined, open: Counts | undefined, minor: Counts | undefined): Markup {
  const all = sum(counts);
  const besides = [
    ...(sum(open) === 0 ? [] : [`${sum(open)} may be needed`]),
    ...(sum(minor) === 0 ? [] : [`${sum(minor)} only documented`]),
  ];
  if (counts === undefined || all === 0) {
    return besides.length > 0
      ? html`<td class="${sum(open) > 0 ? 'partial' : 'none'}"><small>${besides.join(', ')}</small></td>`
      : html`<td class="none"><span class="sr">does not apply</span><span aria-hidden="true">–</span></td>`;
  }
  const own = WORST_FIRST.find((outcome) => counts[outcome] > 0) ?? 'covered';
  const worst = own === 'covered' && sum(open) > 0 ? 'partial' : own;
  const others = OUTCOMES.filter((outcome) => outcome !== 'covered' && counts[outcome] > 0);
  let x = 0;
  const parts = OUTCOMES.filter((outcome) => counts[outcome] > 0).map((outcome) => {
    const width = (counts[outcome] / all) * 100;
    const part = html`<rect class="${outcome}" x="${rounded(x)}" width="${rounded(width)}" height="6" />`;
    x += width;
    return part;
  });
  return html`<td class="${worst}">
    <b>${counts.covered}<span class="of"> of ${all}</span></b>
    <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>
    <small
      >${[...(others.length === 0 ? ['all covered'] : others.map((outcome) => `${counts[outcome]} ${outcome}`)), ...besides].join(', ')}</small
    >
  </td>`;
}

export function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
