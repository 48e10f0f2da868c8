import { LEVELS, distinctRelated, groupsByPlace, messagesOf, notesOf } from '../aggregate.ts';
import type { Group } from '../aggregate.ts';
import type { CheckDoc, Finding, Report, ReportContext } from '../report.ts';
import { namesOfRuns } from '../run-text.ts';
import { sentence } from '../sarif-text.ts';
import { Excerpts } from './excerpt.ts';
import { Markup, grouped, html, message } from './markup.ts';
import { placeOf } from './place.ts';
import type { Section } from './section.ts';

const MOST_RELATED = 6;
/** Longer lists are folded up. */
const MOST_OPEN = 40;

type FindCheck = (id: string) => CheckDoc;

function openOf({ findings }: Report): Finding[] {
  return findings.filter(({ suppressed }) => !suppressed);
}

/** What could be removed, in short: the findings have the sources and the fixes. */
export function unnecessarySection(
  report: Report,
  check: FindCheck,
  context: ReportContext,
): Section | undefined {
  const findings = openOf(report).filter((finding) => check(finding.check).tags.includes('unnecessary'));
  if (findings.length === 0) return undefined;
  const byCheck = new Map<string, Finding[]>();
  for (const finding of findings) {
    const known = byCheck.get(finding.check);
    if (known === undefined) byCheck.set(finding.check, [finding]);
    else known.push(finding);
  }
  return {
    id: 'unnecessary',
    title: 'Unnecessary entries',
    count: findings.length,
    body: html`<p>
        Entries and rules that neither AKS nor a declared workload needs, or that change nothing. Each can be
        removed, or declared with a reason.
      </p>
      ${[...byCheck].map(
        ([id, own]) =>
          html`<details class="group" ${own.length <= MOST_OPEN ? new Markup('open') : undefined}>
            <summary>
              <h3>${id} <span class="count">${grouped(own.length)}</span></h3>
              <small>${message(sentence(check(id).description))}</small>
            </summary>
            <ul class="entries">
              ${own.map((one) => entry(one, context))}
            </ul>
          </details>`,
      )}`,
  };
}

function entry(one: Finding, context: ReportContext): Markup {
  return html`<li data-item data-level="${one.level}">
    <a href="#${idOf(one)}"><code>${one.item ?? one.entry ?? one.check}</code></a>
    <small>${placeOf(one.location, context)}</small>
  </li> `;
}

/** By check, the most severe first: what is wrong and how to fix it once, then each place with its source. */
export function findingsSection(report: Report, check: FindCheck, context: ReportContext): Section {
  const open = openOf(report);
  const excerpts = new Excerpts(context);
  const noteOf = notesOf(report);
  const groups = groupsByPlace(open);
  const byCheck = new Map<string, Group[]>();
  for (const level of LEVELS) {
    for (const group of groups) {
      if (group.level !== level) continue;
      const key = `${level} ${group.check}`;
      const known = byCheck.get(key);
      if (known === undefined) byCheck.set(key, [group]);
      else known.push(group);
    }
  }
  return {
    id: 'findings',
    title: 'Findings',
    count: open.length,
    body:
      open.length === 0
        ? html`<p>There is nothing to report.</p>`
        : html`${[...byCheck.values()].map((own) => checkBlock(own, check, report, noteOf, excerpts, context))}
            <p class="nothing" hidden>Nothing matches the filter.</p>`,
  };
}

function checkBlock(
  groups: readonly Group[],
  check: FindCheck,
  report: Report,
  noteOf: (finding: Finding) => string,
  excerpts: Excerpts,
  context: ReportContext,
): Markup {
  const [first] = groups;
  if (first === undefined) return html``;
  const { id, description, rationale, fix, url } = check(first.check);
  const count = groups.reduce((sum, { findings }) => sum + findings.length, 0);
  return html`<div class="check" data-check="${id}">
    <h3>
      <span class="level ${first.level}">${first.level}</span> ${id}
      <span class="count">${grouped(count)}</span>
    </h3>
    <p class="about">${message(sentence(description))} ${message(sentence(rationale))}</p>
    <p class="fix">
      <b>How to fix.</b>
      ${message(fix)}${url === undefined ? '' : html` <a href="${url}">Documentation of ${id}</a>`}
    </p>
    ${groups.map((group) => card(group, report, noteOf, excerpts, context))}
  </div> `;
}

function card(
  group: Group,
  report: Report,
  noteOf: (finding: Finding) => string,
  excerpts: Excerpts,
  context: ReportContext,
): Markup {
  const { location } = group.first;
  const texts = messagesOf(group, (finding) => [sentence(finding.message), noteOf(finding)].join(' ').trim());
  const related = distinctRelated(group).slice(0, MOST_RELATED);
  const about =
    report.runs.length > 1 ? html`<span class="about">${namesOfRuns(group.findings, report)}</span>` : '';
  const anchors = group.findings.slice(1).map((one) => html`<a id="${idOf(one)}"></a>`);
  return html`<article
    class="finding ${group.level}"
    id="${idOf(group.first)}"
    data-item
    data-level="${group.level}"
    tabindex="-1"
    aria-label="${group.level}, ${location.path} line ${location.startLine}"
  >
    ${anchors}
    <header>${placeOf(location, context)} ${about}</header>
    ${
      texts.length === 1
        ? html`<p>${message(texts[0] ?? '')}</p>`
        : html`<ul>
            ${texts.map((text) => html`<li>${message(text)}</li>`)}
          </ul>`
    }
    ${excerpts.of(location)}
    ${
      related.length === 0
        ? ''
        : html`<ul class="related">
            ${related.map((one) => html`<li>${placeOf(one.location, context)}: ${message(one.text)}</li>`)}
          </ul>`
    }
  </article> `;
}

function idOf({ fingerprint }: Finding): string {
  return `finding-${fingerprint}`;
}

/** What people have accepted, with their reasons. */
export function suppressedSection(report: Report, context: ReportContext): Section | undefined {
  const findings = report.findings.filter(({ suppressed }) => suppressed);
  if (findings.length === 0) return undefined;
  return {
    id: 'suppressed',
    title: 'Suppressed findings',
    count: findings.length,
    body: html`<details>
      <summary>Show what was accepted, and why</summary>
      <ul class="plain">
        ${findings.map(
          ({ check, message: text, suppression, location }) =>
            html`<li data-item>
              <span class="tag">${check}</span> ${message(text)}
              <small
                >${placeOf(location, context)}.
                ${suppression === undefined ? '' : `${suppression.kind}: ${suppression.reason}`}${suppression?.until === undefined ? '' : `, until ${suppression.until}`}</small
              >
            </li> `,
        )}
      </ul>
    </details>`,
  };
}
