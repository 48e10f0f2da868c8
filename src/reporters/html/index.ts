import { checksById } from '../aggregate.ts';
import type { Report, ReportContext } from '../report.ts';
import { verdictOf } from '../verdict.ts';
import { breadthSection } from './breadth.ts';
import { changeSection } from './change.ts';
import { factsSection, noticesSection } from './facts.ts';
import { findingsSection, suppressedSection, unnecessarySection } from './findings.ts';
import { Markup, grouped, html } from './markup.ts';
import { matrixSection } from './matrix.ts';
import style from './page.css?asset';
import script from './page.js?asset';
import { pathsSection } from './paths.ts';
import type { Section } from './section.ts';

/**
 * `--format html`: one page without anything from elsewhere, for people who would rather look than read. It says all it has
 * to say without its script, which filters, searches and switches the colours; a policy forbids any other.
 */
export function htmlPage(report: Report, context: ReportContext): string {
  const check = checksById(context.checks);
  const sections = [
    changeSection(context.comparison),
    matrixSection(report),
    pathsSection(report),
    breadthSection(report, context),
    unnecessarySection(report, check, context),
    findingsSection(report, check, context),
    suppressedSection(report, context),
    noticesSection(report),
    factsSection(report),
  ].filter((section) => section !== undefined);
  return `<!doctype html>\n${page(report, sections).text}\n`;
}

const MARKS = { error: '✖', warning: '▲', note: '●', none: '✔' } as const;

function page(report: Report, sections: readonly Section[]): Markup {
  const { worst, found, read } = verdictOf(report);
  const policy = `default-src 'none'; style-src '${style.hash}'; script-src '${script.hash}'; base-uri 'none'; form-action 'none'`;
  return html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${policy}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="generator" content="${report.tool.name} ${report.tool.version}" />
      <title>${found} – AKS egress</title>
      ${element('style', style.text)}
    </head>
    <body>
      <a class="skip" href="#main">Skip to the report</a>
      <header class="top">
        <div class="brand"><b>AKS egress</b> <span>${report.tool.name} ${report.tool.version}</span></div>
        <button type="button" id="theme" hidden>Colours: <span>system</span></button>
      </header>
      <main id="main" tabindex="-1">
        <section class="hero ${worst}" aria-labelledby="verdict">
          <h1 id="verdict"><span class="mark" aria-hidden="true">${MARKS[worst]}</span> ${found}</h1>
          <p>${read}</p>
          ${tiles(report)}
        </section>
        ${toolbar(sections)}
        ${sections.map(
          ({ id, title, count, body }) =>
            html`<section id="${id}" aria-labelledby="${id}-title">
              <h2 id="${id}-title">
                ${title}${count === undefined ? '' : html` <span class="count">${grouped(count)}</span>`}
              </h2>
              ${body}
            </section> `,
        )}
      </main>
      <footer>
        ${report.tool.name} ${report.tool.version}. Made from files, before anything is deployed; the page
        loads nothing.
      </footer>
      ${element('script', script.text)}
    </body>
  </html>`;
}

/** By bytes as they were hashed. */
function element(name: 'style' | 'script', text: string): Markup {
  return new Markup(`<${name}>${text}</${name}>`);
}

function tiles({ summary }: Report): Markup {
  const tile = (count: number, singular: string, kind: string): Markup =>
    html`<div class="tile ${kind}${count === 0 ? ' zero' : ''}">
      <dt>${count === 1 ? singular : `${singular}s`}</dt>
      <dd>${grouped(count)}</dd>
    </div>`;
  return html`<dl class="tiles">
    ${tile(summary.error, 'error', 'error')} ${tile(summary.warning, 'warning', 'warning')}
    ${tile(summary.note, 'note', 'note')}
    <div class="tile${summary.suppressed === 0 ? ' zero' : ''}">
      <dt>suppressed</dt>
      <dd>${grouped(summary.suppressed)}</dd>
    </div>
  </dl>`;
}

/** The filter shows only where the script can run it. */
function toolbar(sections: readonly Section[]): Markup {
  return html`<div class="bar">
    <nav aria-label="Contents">
      <ul>
        ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
      </ul>
    </nav>
    <form role="search" id="filter" aria-label="Filter" hidden>
      <label class="search"
        ><span>Search</span>
        <input
          type="search"
          id="search"
          placeholder="host, rule, file, check"
          autocomplete="off"
          spellcheck="false"
        />
        <kbd aria-hidden="true">/</kbd></label
      >
      <fieldset>
        <legend>Levels</legend>
        <label><input type="checkbox" name="level" value="error" checked /> errors</label>
        <label><input type="checkbox" name="level" value="warning" checked /> warnings</label>
        <label><input type="checkbox" name="level" value="note" checked /> notes</label>
      </fieldset>
      <output id="matches" for="search"></output>
    </form>
  </div>`;
}
