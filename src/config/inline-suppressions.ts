import { REMARK, type Remark } from '../model/remark.ts';
import { unknownCheck } from './names.ts';
import { isPartOf, type Suppression } from './suppression.ts';

const FORM = `${REMARK} <check>[, <check>] -- <reason> [until YYYY-MM-DD]`;

/** What the inputs say inline. */
export interface InlineSuppressions {
  readonly suppressions: readonly Suppression[];
  /** What is no suppression and looks like one; finished sentences with their place. */
  readonly problems: readonly string[];
}

interface InlineNames {
  readonly checks: readonly string[];
  readonly notSuppressible: readonly string[];
}

/**
 * Suppressions in comments and descriptions of the input: `aks-egress-lint-ignore <check>[, <check>] -- <reason>
 * [until YYYY-MM-DD]`, each to the end of its line. What is not understood suppresses nothing and is said.
 */
export function inlineSuppressions(remarks: readonly Remark[], known: InlineNames): InlineSuppressions {
  const suppressions: Suppression[] = [];
  const problems: string[] = [];
  for (const remark of remarks) {
    const where = whereIs(remark);
    for (const directive of directivesIn(remark.text)) {
      const { about } = remark;
      const problem =
        about === undefined
          ? `stands where it is about nothing; put it into the description of a rule, into metadata or comments of a resource, or into a comment before what it is about.`
          : problemWith(directive, known);
      if (about === undefined || problem !== undefined) {
        problems.push(`${where}: ${REMARK} ${problem ?? ''}`);
        continue;
      }
      for (const check of directive.checks) {
        suppressions.push({
          kind: 'inline',
          check,
          reason: directive.reason,
          until: directive.until,
          where,
          covers: (finding, rules) => {
            if (isPartOf(finding.place, about)) return true;
            // What a rule takes from an IP group or a parameter is written elsewhere.
            const rule = finding.rule === undefined ? undefined : rules.ruleOf(finding);
            return rule !== undefined && isPartOf(rule.place, about);
          },
          isInReach: () => true,
        });
      }
    }
  }
  return { suppressions, problems };
}

function whereIs({ place, position }: Remark): string {
  const path = place.path === '-' ? '<stdin>' : place.path;
  return position === undefined ? path : `${path}:${position.line}:${position.column}`;
}

interface Directive {
  readonly checks: readonly string[];
  readonly reason: string;
  readonly until: string | undefined;
}

/** Every directive of a remark; a text may hold several, one after the other or one a line. */
export function directivesIn(text: string): readonly Directive[] {
  return text
    .split(/[\r\n]+/)
    .flatMap((line) => line.split(REMARK).slice(1))
    .map(directiveOf);
}

function directiveOf(text: string): Directive {
  const [names = '', ...rest] = text.split(/\s--(?:\s|$)/);
  const checks = names.split(',').map((name) => name.trim());
  return { checks, ...reasonAndDay(rest.join(' -- ')) };
}

/** A day is what follows the last `until`, where it is one word or begins with a digit: anything else is prose. */
function reasonAndDay(text: string): { reason: string; until: string | undefined } {
  const until = [...text.matchAll(/\buntil\b:?/gi)].at(-1);
  if (until !== undefined) {
    const day = text
      .slice(until.index + until[0].length)
      .trim()
      .replace(/[.;]$/, '');
    if (/^(?:\S+$|\d)/.test(day)) return { reason: text.slice(0, until.index).trim(), until: day };
  }
  return { reason: text.trim(), until: undefined };
}

function problemWith({ checks, reason }: Directive, known: InlineNames): string | undefined {
  if (checks.some((check) => check === '')) return `names no check. Expected ${FORM}.`;
  const wrong = checks.find((check) => !known.checks.includes(check));
  if (wrong !== undefined) {
    return /\s/.test(wrong)
      ? `is not understood: found '${wrong}' where the ids of checks belong. Expected ${FORM}.`
      : `suppresses nothing: ${unknownCheck(wrong, known.checks)}`;
  }
  const fixed = checks.find((check) => known.notSuppressible.includes(check));
  if (fixed !== undefined) return `suppresses nothing: the check '${fixed}' cannot be suppressed.`;
  return reason === '' ? `has no reason, so it suppresses nothing. Expected ${FORM}.` : undefined;
}
