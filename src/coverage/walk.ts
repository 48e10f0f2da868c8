import type { Destination, Layer, Rule, Service } from '../model/policy.ts';
import type { Unknown } from '../model/symbol.ts';
import { isSeenByApplicationRules, split, wholePart, type Flow, type Part, type Region } from './flow.ts';
import { matchServices, matchSources, maySee, type Doubt, type How, type Knowledge } from './match.ts';
import { matchDestinations, type DestinationMatch } from './match-destination.ts';
import type { RuleIndex, ScopedRule } from './rule-index.ts';

/**
 * The walk: rules in true order; a certain match decides its part and ends the walk for it; a possible match is noted
 * and the walk goes on. What no rule decides, the default denies.
 */

/** A rule that may decide a cell earlier than the rule that does. */
export interface Maybe {
  readonly rule: Rule;
  readonly action: 'allow' | 'deny';
  readonly doubt: Doubt;
  readonly how: How;
  readonly destination: Destination | undefined;
  readonly unknown: Unknown | undefined;
}

export interface Decision {
  readonly action: 'allow' | 'deny';
  /** Undefined for the default at the end of the policy. */
  readonly rule: Rule | undefined;
  readonly how: How | undefined;
  readonly destination: Destination | undefined;
  readonly service: Service | undefined;
}

/** A part of the flow with one fate. */
export interface Cell {
  readonly part: Part;
  readonly maybes: readonly Maybe[];
  readonly decision: Decision;
}

const DEFAULT_DENY: Decision = {
  action: 'deny',
  rule: undefined,
  how: undefined,
  destination: undefined,
  service: undefined,
};

const DEFAULT_ALLOW: Decision = { ...DEFAULT_DENY, action: 'allow', how: 'any' };

interface Open {
  readonly part: Part;
  readonly maybes: readonly Maybe[];
}

export interface WalkOptions {
  /** Rules to walk past, as if they were not there. */
  readonly skip?: (rule: Rule) => boolean;
  /** Destinations of a rule to walk past, one entry at a time. */
  readonly skipDestination?: (rule: Rule, destination: Destination) => boolean;
  /**
   * Give up, with no cells, as soon as a match cannot be decided that could do anything but this. What may do just this
   * is walked past: whether it does or not, the same happens to a rule of this action behind it.
   */
  readonly certainBut?: Rule['action'];
}

export function walk(
  index: RuleIndex,
  flow: Flow,
  knowledge: Knowledge,
  options: WalkOptions = {},
): readonly Cell[] {
  const { layers } = index.policy;
  const whole = [{ part: wholePart(flow), maybes: [] }];
  const candidates = index.candidates(flow, knowledge);
  return layers === undefined
    ? walkList(candidates, flow, whole, DEFAULT_DENY, index, knowledge, options)
    : walkLayers(layers, candidates, flow, whole, index, knowledge, options);
}

function walkList(
  candidates: readonly ScopedRule[],
  flow: Flow,
  whole: readonly Open[],
  otherwise: Decision,
  index: RuleIndex,
  knowledge: Knowledge,
  options: WalkOptions,
): readonly Cell[] {
  let open = whole;
  const cells: Cell[] = [];
  for (const scoped of candidates) {
    if (open.length === 0) break;
    if (options.skip?.(scoped.rule) === true) continue;
    open = step(scoped, flow, open, cells, index, knowledge, options);
    if (options.certainBut !== undefined && open.some((item) => item.maybes.length > 0)) return [];
  }
  for (const { part, maybes } of open) cells.push({ part, maybes, decision: otherwise });
  return cells;
}

/**
 * Layers of an appliance, all of which have to allow: what one allows goes on to the next. What one denies, but may allow,
 * goes on as well, with that denial as one that is possible.
 */
function walkLayers(
  layers: readonly Layer[],
  candidates: readonly ScopedRule[],
  flow: Flow,
  whole: readonly Open[],
  index: RuleIndex,
  knowledge: Knowledge,
  options: WalkOptions,
): readonly Cell[] {
  const cells: Cell[] = [];
  let open = whole;
  for (const [number, { otherwise }] of layers.entries()) {
    const own = candidates.filter(({ rule }) => (rule.layer ?? 0) === number);
    const decision = otherwise === 'allow' ? DEFAULT_ALLOW : DEFAULT_DENY;
    const decided = walkList(own, flow, open, decision, index, knowledge, options);
    if (options.certainBut !== undefined && decided.length === 0 && open.length > 0) return [];
    if (number === layers.length - 1) return [...cells, ...decided];
    const passed: Open[] = [];
    for (const cell of decided) {
      const allow = cell.maybes.find(({ action }) => action === 'allow');
      if (cell.decision.action === 'allow') {
        passed.push({ part: cell.part, maybes: cell.maybes.filter(({ action }) => action === 'deny') });
      } else if (allow !== undefined) {
        passed.push({ part: cell.part, maybes: [{ ...allow, action: 'deny' }] });
      } else {
        cells.push(cell);
      }
    }
    open = passed;
  }
  return cells;
}

function step(
  scoped: ScopedRule,
  flow: Flow,
  open: readonly Open[],
  cells: Cell[],
  index: RuleIndex,
  knowledge: Knowledge,
  options: WalkOptions,
): readonly Open[] {
  const { rule } = scoped;
  if (rule.opaque !== undefined) return markAll(rule, open, sourcesOf(scoped, flow, index).most, flow);
  if (rule.except !== undefined)
    return stepBetween(scoped, rule.except, flow, open, cells, index, knowledge, options);
  // Of the rules that share a destination, most are for other spokes; an index of the flow's own sources has none of these.
  if (flow.sources !== index.sources && !maySee(rule, flow.sources)) return open;
  const sources = sourcesOf(scoped, flow, index);
  const services = matchServices(rule, flow);
  if (services.most.length === 0) return open;
  const matches = matchDestinations(withoutSkipped(rule, options), flow, index.policy, knowledge);
  if (matches.length === 0) return open;

  const certainRule = rule.conditional === undefined && rule.action !== 'unknown';
  let current: readonly Open[] = open;
  for (const match of matches) {
    if (match.doubt !== undefined || !certainRule) continue;
    const region: Region = { sources: sources.sure, destination: match.selector, ports: services.sure };
    const next: Open[] = [];
    for (const item of current) {
      const { hit, rest } = split(item.part, region);
      if (hit !== undefined) {
        cells.push({
          part: hit,
          maybes: item.maybes,
          decision: {
            action: rule.action,
            rule,
            how: match.how,
            destination: match.destination,
            service: services.service,
          },
        });
      }
      for (const part of rest) next.push(hit === undefined ? item : { part, maybes: item.maybes });
    }
    current = next;
  }
  if (options.certainBut === rule.action) return current;
  for (const match of matches) {
    const doubt = doubtOf(match, rule, sources, services.unknown);
    if (doubt === undefined) continue;
    const region: Region = { sources: sources.most, destination: match.selector, ports: services.most };
    current = current.flatMap((item) => {
      const { hit, rest } = split(item.part, region);
      if (hit === undefined) return [item];
      return [
        { part: hit, maybes: note(item.maybes, rule, match, doubt) },
        ...rest.map((part) => ({ part, maybes: item.maybes })),
      ];
    });
  }
  return current;
}

/** A rule with exceptions: what they hold goes by it, and what they may hold it may not decide. */
function stepBetween(
  scoped: ScopedRule,
  except: readonly Destination[],
  flow: Flow,
  open: readonly Open[],
  cells: Cell[],
  index: RuleIndex,
  knowledge: Knowledge,
  options: WalkOptions,
): readonly Open[] {
  const rule: Rule = { ...scoped.rule, except: undefined };
  const exceptions = matchDestinations({ ...rule, destinations: except }, flow, index.policy, knowledge);
  const spared: Open[] = [];
  /** What it is not known of whether it is an exception, with the reason. */
  const doubted: { item: Open; conditional: Unknown }[] = [];
  let current = open;
  for (const { selector, doubt, unknown } of exceptions) {
    const region: Region = { sources: flow.sources, destination: selector, ports: [[0, 65_536]] };
    current = current.flatMap(({ part, maybes }) => {
      const { hit, rest } = split(part, region);
      if (hit !== undefined) {
        const item = { part: hit, maybes };
        if (doubt === undefined) spared.push(item);
        else doubted.push({ item, conditional: unknown ?? whetherExcepted(scoped.rule) });
      }
      return rest.map((one) => ({ part: one, maybes }));
    });
  }
  const left = [...spared];
  const go = (between: Rule, items: readonly Open[]): void => {
    const decided: Cell[] = [];
    const rest = step({ ...scoped, rule: between }, flow, items, decided, index, knowledge, options);
    // The rule is known by identity.
    for (const cell of decided) cells.push({ ...cell, decision: { ...cell.decision, rule: scoped.rule } });
    for (const { part, maybes } of rest) {
      const itself = maybes.map((maybe) =>
        maybe.rule === between ? { ...maybe, rule: scoped.rule } : maybe,
      );
      left.push({ part, maybes: itself });
    }
  };
  go(rule, current);
  for (const { item, conditional } of doubted) go({ ...rule, conditional }, [item]);
  return left;
}

function whetherExcepted({ name, place }: Rule): Unknown {
  return {
    reason: `what rule '${name}' leaves out may hold the destination`,
    supply: 'name the destination in a rule before it',
    place,
  };
}

/** An index may serve flows of other sources than its own: those of single rules. */
function sourcesOf(scoped: ScopedRule, flow: Flow, index: RuleIndex): ScopedRule['sources'] {
  return flow.sources === index.sources ? scoped.sources : matchSources(scoped.rule, flow.sources);
}

/** Addresses of a rule are matched together, so that those to walk past have to be gone before. */
function withoutSkipped(rule: Rule, { skipDestination }: WalkOptions): Rule {
  if (skipDestination === undefined) return rule;
  const destinations = rule.destinations.filter((destination) => !skipDestination(rule, destination));
  return destinations.length === rule.destinations.length ? rule : { ...rule, destinations };
}

/** Why a match of this rule that was not certain is possible; undefined where only certain dimensions exist. */
function doubtOf(
  match: DestinationMatch,
  rule: Rule,
  sources: ScopedRule['sources'],
  services: Unknown | undefined,
): { doubt: Doubt; unknown: Unknown | undefined } | undefined {
  if (match.doubt !== undefined) return { doubt: match.doubt, unknown: match.unknown ?? rule.conditional };
  if (rule.conditional !== undefined) return { doubt: 'unresolved', unknown: rule.conditional };
  if (rule.action === 'unknown') return { doubt: 'unresolved', unknown: undefined };
  if (sources.most !== sources.sure) return { doubt: 'source', unknown: sources.unknown };
  if (
    services !== undefined ||
    rule.services.some((service) => !service.portsKnown || service.protocol === 'unknown')
  ) {
    return { doubt: 'unresolved', unknown: services };
  }
  return undefined;
}

function note(
  maybes: readonly Maybe[],
  rule: Rule,
  match: DestinationMatch,
  { doubt, unknown }: { doubt: Doubt; unknown: Unknown | undefined },
): readonly Maybe[] {
  const actions = rule.action === 'unknown' ? (['allow', 'deny'] as const) : [rule.action];
  const fresh = actions.filter(
    (action) => !maybes.some((other) => other.action === action && other.doubt === doubt),
  );
  if (fresh.length === 0) return maybes;
  return [
    ...maybes,
    ...fresh.map((action) => ({
      rule,
      action,
      doubt,
      how: match.how,
      destination: match.destination,
      unknown,
    })),
  ];
}

/** A place in the order of which nothing is known: it may decide every flow, either way. */
function markAll(
  rule: Rule,
  open: readonly Open[],
  sources: ScopedRule['sources']['most'],
  flow: Flow,
): readonly Open[] {
  const isSeen = isSeenByApplicationRules(flow.protocol) && flow.destination.kind === 'name';
  if (rule.stage === 'application' && !isSeen) return open;
  const match: DestinationMatch = { selector: { kind: 'all' }, how: 'any', destination: undefined };
  const doubt = {
    doubt: rule.opaqueKind === 'base-policy' ? ('base-policy' as const) : ('opaque' as const),
    unknown: rule.opaque,
  };
  const region: Region = { sources, destination: match.selector, ports: [[0, 65536]] };
  return open.flatMap((item) => {
    const { hit, rest } = split(item.part, region);
    if (hit === undefined) return [item];
    return [
      { part: hit, maybes: note(item.maybes, rule, match, doubt) },
      ...rest.map((part) => ({ part, maybes: item.maybes })),
    ];
  });
}

/** What can happen to a cell. */
export function outcomeOf(cell: Cell): 'allow' | 'deny' | 'unknown' {
  const { action } = cell.decision;
  return cell.maybes.every((maybe) => maybe.action === action) ? action : 'unknown';
}
