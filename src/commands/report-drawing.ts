import {
  outcomeOf,
  rulesFor,
  type Judgement,
  type JudgedRequirement,
  type Subject,
} from '../coverage/index.ts';
import { locateAll, type SourceTexts } from '../locate/index.ts';
import { parseIpRange } from '../model/address.ts';
import { ipCount, ipSetOf } from '../model/ip-space.ts';
import type { Place } from '../model/place.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { hasSymbol, showSymbols } from '../model/symbol.ts';
import type { Breadth, Drawing, DrawnRule, DrawnRun, FlowPath, Location } from '../reporters/report.ts';
import type { Judged } from './findings.ts';

/**
 * What reports draw: the way of each required flow, and how wide the rules are open.
 * @param conceal takes what is sensitive out of a text
 */
export function drawingOf(
  judged: readonly Judged[],
  sources: SourceTexts,
  conceal: (text: string) => string,
): Drawing {
  const places = new Places(sources);
  const runs = judged.flatMap(({ judgement }) =>
    judgement.runs.map((run) => drawnRun(judgement.policy, run, places)),
  );
  const seen = new Set<string>();
  const breadth = judged.flatMap(({ judgement }) =>
    judgement.subjects.flatMap((subject) => {
      const one = breadthOf(subject, judgement.policy, judgement.runs);
      // A policy that serves several clusters is judged for each.
      const key = `${judgement.policy.id}\n${subject.identity}\n${one?.dimension ?? ''}`;
      if (one === undefined || seen.has(key)) return [];
      seen.add(key);
      return [{ ...one, at: places.add(subject.place) }];
    }),
  );
  const located = places.locate();
  return {
    runs: runs.map(({ rules, paths }) => ({
      rules: rules.map(({ at, opaque, ...rule }): DrawnRule => ({
        ...rule,
        name: conceal(rule.name),
        ...(opaque === undefined ? {} : { opaque: conceal(opaque) }),
        location: located(at),
      })),
      paths,
    })),
    breadth: breadth.map(({ at, ...one }): Breadth => ({
      ...one,
      rule: conceal(one.rule),
      text: conceal(one.text),
      excess: conceal(one.excess),
      location: located(at),
    })),
  };
}

/** Places, to be located all at once: each file is scanned once. */
class Places {
  readonly #places: Place[] = [];
  readonly #known = new Map<Place, number>();
  readonly #sources: SourceTexts;

  constructor(sources: SourceTexts) {
    this.#sources = sources;
  }

  add(place: Place): number {
    const known = this.#known.get(place) ?? this.#places.push(place) - 1;
    this.#known.set(place, known);
    return known;
  }

  locate(): (at: number) => Location {
    const locations = locateAll(this.#sources, this.#places);
    return (at) => {
      const location = locations[at];
      if (location === undefined) throw new Error(`No location for place ${at}`);
      return location;
    };
  }
}

type Unlocated<T extends { location: Location }> = Omit<T, 'location'> & { readonly at: number };

function drawnRun(
  policy: Policy,
  { sources, requirements }: Judgement,
  places: Places,
): { rules: Unlocated<DrawnRule>[]; paths: DrawnRun['paths'] } {
  const rules = sources === undefined ? [] : rulesFor(policy, sources);
  const positions = new Map(rules.map((rule, at) => [rule.id, at]));
  return {
    rules: rules.map((rule) => ({
      name: showSymbols(rule.name),
      collection: showSymbols(rule.collection),
      group: showSymbols(rule.group),
      stage: rule.stage,
      action: rule.action,
      ...(rule.opaque === undefined ? {} : { opaque: showSymbols(rule.opaque.reason) }),
      at: places.add(rule.place),
    })),
    paths: requirements.map((judged) => pathOf(judged, positions)),
  };
}

function pathOf({ verdict }: JudgedRequirement, positions: ReadonlyMap<string, number>): FlowPath {
  const steps = new Map<string, FlowPath['steps'][number]>();
  const add = (rule: Rule, action: 'allow' | 'deny', isCertain: boolean): void => {
    const position = positions.get(rule.id);
    const key = `${position ?? ''} ${action}`;
    if (position === undefined || (steps.has(key) && !isCertain)) return;
    steps.set(key, { rule: position, action, isCertain });
  };
  let reachesEnd = false;
  for (const cell of verdict.cells) {
    const { decision, maybes } = cell;
    const isKnown = outcomeOf(cell) !== 'unknown';
    if (!isKnown) for (const { rule, action } of maybes) add(rule, action, false);
    if (decision.rule === undefined) reachesEnd = true;
    else if (decision.rule.action !== 'unknown') add(decision.rule, decision.action, isKnown);
  }
  return { steps: [...steps.values()].sort((a, b) => a.rule - b.rule), reachesEnd };
}

function breadthOf(
  subject: Subject,
  policy: Policy,
  runs: readonly Judgement[],
): Omit<Breadth, 'location'> | undefined {
  const found = subject.target === 'entry' ? entryBreadth(subject, runs) : sourceBreadth(subject, runs);
  return (
    found && {
      policy: showSymbols(policy.name),
      rule: (subject.data['rule'] ?? '').replaceAll(/^'|'$/g, ''),
      ...found,
    }
  );
}

type Measured = Omit<Breadth, 'location' | 'policy' | 'rule'>;

/** Rows that a rule allows, in any run. */
function servedRows(rule: string | undefined, runs: readonly Judgement[]): JudgedRequirement[] {
  return runs.flatMap(({ requirements }) =>
    requirements.filter(({ verdict }) => verdict.allowedBy.some((one) => one.rule.id === rule)),
  );
}

function entryBreadth(subject: Subject, runs: readonly Judgement[]): Measured | undefined {
  if (subject.target !== 'entry') return undefined;
  const { facts, data, open, part, rule } = subject as Subject<'entry'>;
  const served = servedRows(rule, runs);
  const excess = data['excess'] ?? '';
  if (part === 'service') {
    const text = data['service'] ?? '';
    if (facts.portBreadth === 'exact') {
      const transports = new Set(
        served.map(({ requirement: { protocol } }) => (protocol === 'UDP' ? 'UDP' : 'TCP')),
      );
      const needed = transports.size;
      return { dimension: 'protocols', text, needed, open: undefined, excess: 'every protocol' };
    }
    const ports = new Set(served.map(({ requirement: { port } }) => port));
    return { dimension: 'ports', text, needed: ports.size, open: countPorts(open?.ports ?? []), excess };
  }
  if (facts.destinationBreadth === 'exact') return undefined;
  const text = data['destination'] ?? '';
  const needed = new Set(
    served
      .filter(({ verdict }) =>
        verdict.allowedBy.some(
          (one) => one.rule.id === rule && showSymbols(one.destination?.text ?? '') === text,
        ),
      )
      .map(({ target }) => target.destination),
  ).size;
  const count =
    facts.kind === 'any' ? ALL : facts.kind === 'address' ? countAddresses(open?.addresses) : undefined;
  return { dimension: 'destinations', text, needed, open: count, excess };
}

/** All addresses of IPv4. */
const ALL = 2 ** 32;

function sourceBreadth(subject: Subject, runs: readonly Judgement[]): Measured | undefined {
  if (subject.target !== 'rule' || subject.part !== 'sources') return undefined;
  const { facts, data, open } = subject as Subject<'rule'>;
  if (facts.sourceBreadth !== 'wider' && facts.sourceBreadth !== 'any') return undefined;
  const judged = runs.flatMap(({ sources }) => (sources === undefined ? [] : [ipCount(sources.ip)]));
  return {
    dimension: 'sources',
    text: data['sources'] ?? '',
    needed: Math.max(0, ...judged),
    open: facts.sourceBreadth === 'any' ? ALL : countAddresses(open?.sources),
    excess: data['excess'] ?? '',
  };
}

function countAddresses(texts: readonly string[] = []): number | undefined {
  const ranges = texts.map((text) => (hasSymbol(text) ? undefined : parseIpRange(text)));
  const known = ranges.filter((range) => range !== undefined);
  return known.length < ranges.length ? undefined : ipCount(ipSetOf(known));
}

function countPorts(texts: readonly string[]): number | undefined {
  const counts = texts.map((text) => {
    const [from = NaN, to = from] = text.split('-').map(Number);
    return to - from + 1;
  });
  const sum = counts.reduce((total, count) => total + count, 0);
  return Number.isNaN(sum) ? undefined : sum;
}
