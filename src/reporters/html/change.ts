import { hasChanges, isWorse, type Comparison } from '../comparison.ts';
import type { Finding } from '../report.ts';
import { html, message, type Markup } from './markup.ts';
import type { Section } from './section.ts';

/** What a change does to verdicts and findings. */
export function changeSection(comparison: Comparison | undefined): Section | undefined {
  if (comparison === undefined) return undefined;
  const { base, outcomes, introduced, fixed } = comparison;
  const title = 'What this change does';
  const lead = html`<p>Compared with <code>${base}</code>.</p>`;
  if (!hasChanges(comparison)) {
    return {
      id: 'change',
      title,
      body: html`${lead}
        <p>No requirement changes its verdict, and no finding comes or goes.</p>`,
    };
  }
  const ordered = [...outcomes].sort((a, b) => Number(isWorse(b)) - Number(isWorse(a)));
  return {
    id: 'change',
    title,
    body: html`${lead}
    ${
      ordered.length === 0
        ? undefined
        : html`<div class="scroll" tabindex="0" role="group" aria-label="Requirements whose verdict changes">
            <table>
              <thead>
                <tr>
                  <th scope="col">Requirement</th>
                  <th scope="col">Feature</th>
                  <th scope="col">Policy</th>
                  <th scope="col">Before</th>
                  <th scope="col">Now</th>
                </tr>
              </thead>
              <tbody>
                ${ordered.map(
                  (one) =>
                    html`<tr>
                      <th scope="row"><code>${one.destination}</code> ${one.protocol} ${one.port}</th>
                      <td>${one.feature}</td>
                      <td>${one.policy}${one.cluster === null ? '' : `, ${one.cluster}`}</td>
                      <td>${one.before ?? 'not judged'}</td>
                      <td><b class="${isWorse(one) ? 'bad' : ''}">${one.after ?? 'not judged'}</b></td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
    ${list('New findings', introduced)} ${list('Fixed findings', fixed)}`,
  };
}

function list(title: string, findings: readonly Finding[]): Markup | undefined {
  if (findings.length === 0) return undefined;
  return html`<h3>${title}</h3>
    <ul class="plain">
      ${findings.map(
        (one) => html`<li><span class="level ${one.level}">${one.level}</span> ${message(one.message)}</li>`,
      )}
    </ul>`;
}
