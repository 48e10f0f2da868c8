import type { Report, ReportFact } from '../report.ts';
import { nameOfRun } from '../run-text.ts';
import { html, message, type Markup } from './markup.ts';
import type { Section } from './section.ts';

/** What was assumed of each cluster and where that is from. */
export function factsSection({ runs, inputs }: Report): Section {
  return {
    id: 'facts',
    title: 'What was judged',
    body: html`<h3>Files</h3>
      <ul class="plain">
        ${inputs.map(
          ({ path, format, rules, unresolved }) =>
            html`<li>
              <span class="place">${path === '-' ? 'standard input' : path}</span>
              <small
                >${format}, ${rules}
                ${rules === 1 ? 'rule' : 'rules'}${unresolved === 0 ? '' : `, ${unresolved} values not known`}</small
              >
            </li>`,
        )}
      </ul>
      ${runs.map(
        (run) =>
          html`<details class="facts">
            <summary><h3>Profile of ${nameOfRun(run)}</h3></summary>
            <div class="scroll" tabindex="0" role="group" aria-label="Profile of ${nameOfRun(run)}">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Fact</th>
                    <th scope="col">Value</th>
                    <th scope="col">From</th>
                  </tr>
                </thead>
                <tbody>
                  ${Object.entries(run.profile)
                    .sort(([a], [b]) => (a < b ? -1 : 1))
                    .map(([name, fact]) => factRow(name, fact))}
                </tbody>
              </table>
            </div>
          </details>`,
      )}`,
  };
}

function factRow(name: string, { value, from, path }: ReportFact): Markup {
  const text = Array.isArray(value) ? value.join(', ') || 'none' : String(value);
  return html`<tr>
    <th scope="row">${name}</th>
    <td>${text}</td>
    <td>${from}${path === undefined ? '' : `, ${path}`}</td>
  </tr>`;
}

export function noticesSection({ notices }: Report): Section | undefined {
  if (notices.length === 0) return undefined;
  return {
    id: 'notices',
    title: 'Notices',
    body: html`<ul class="plain">
      ${notices.map((notice) => html`<li>${message(notice)}</li>`)}
    </ul>`,
  };
}
