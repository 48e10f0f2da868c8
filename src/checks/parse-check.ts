import type { Part, TargetKind } from '../coverage/facts.ts';
import { DATA, FACTS, PARTS } from '../coverage/facts.ts';
import { OPEN_FACTS } from '../coverage/open-facts.ts';
import { didYouMean } from '../profile/did-you-mean.ts';
import type { Check, OptionsSchema, Problem } from './check.ts';
import { ConditionProblems, isRecord } from './condition-problems.ts';
import { knownFacts } from './known-facts.ts';
import { MessageTemplate } from './message.ts';
import { resolveOptions, show, token } from './options.ts';
import { CANNOT_BE_DECIDED } from './outcome.ts';

/** What a check that leaves it out gets; built-in checks leave nothing out. */
const DEFAULTS = { type: 'problem', level: 'warning', precision: 'high', tags: ['company'] } as const;

const TARGETS: Readonly<Record<TargetKind, string>> = {
  requirement: 'a requirement',
  entry: 'an entry',
  rule: 'a rule',
  policy: 'a policy',
  cluster: 'a cluster',
  endpoint: 'a listed endpoint',
};

/**
 * A check from data whose shape has been held against schemas/check.schema.json: its conditions, message templates and
 * options are judged here, where there are words for what is wrong.
 */
export function parseCheck(data: CheckData): {
  readonly check: Check;
  readonly problems: readonly Problem[];
} {
  const { target, part, meta } = data;
  const problems: Problem[] = [];
  const parts: readonly string[] = PARTS[target];
  if (part !== undefined && !parts.includes(part)) {
    const expected = parts.length === 0 ? 'It has none.' : `Expected ${parts.join(', ')}.`;
    problems.push({
      pointer: '/part',
      key: false,
      message: `${TARGETS[target]} has no part '${part}'. ${expected}${didYouMean(part, parts)}`,
    });
  }
  const many = `{{count}} findings of '${data.id}': {{items}}.`;
  const check: Check = { ...data, meta: { ...DEFAULTS, many, ...meta } };
  const conditions = new ConditionProblems({
    target: part === 'tie' ? `the part 'tie' of ${TARGETS[target]}` : TARGETS[target],
    facts: knownFacts(target, part),
    elsewhere: factsElsewhere(target),
    options: meta.schema?.properties ?? {},
    named: data.conditions ?? {},
  });
  for (const [at, one] of data.cases.entries()) conditions.check(one.conditions, `/cases/${at}/conditions`);
  conditions.checkNamed();
  for (const [name, source] of Object.entries(data.data ?? {})) {
    const pointer = `/data/${token(name)}`;
    if (!('option' in source)) conditions.checkReference(source, pointer);
    else if (!Object.hasOwn(meta.schema?.properties ?? {}, source.option)) {
      const names = Object.keys(meta.schema?.properties ?? {});
      const message = `there is no option '${source.option}'.${didYouMean(source.option, names)}`;
      problems.push({ pointer, key: false, message });
    }
  }
  problems.push(...conditions.problems, ...messageProblems(check));
  // Conditions that are wrong cannot say what the options must be.
  if (problems.length === 0) problems.push(...optionProblems(meta.schema, check));
  return { check, problems };
}

/** The shape of a file: a check in which what has a default may be left out. */
export type CheckData = Omit<Check, 'meta'> & {
  readonly meta: Omit<Check['meta'], 'type' | 'level' | 'precision' | 'tags' | 'many'> &
    Partial<Check['meta']>;
  readonly part?: Part;
};

function factsElsewhere(target: TargetKind): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const other of Object.keys(FACTS).filter((kind): kind is TargetKind => kind in FACTS)) {
    if (other === target) continue;
    for (const fact of [...Object.keys(FACTS[other]), ...Object.keys(OPEN_FACTS[other])])
      found.set(fact, [...(found.get(fact) ?? []), TARGETS[other]]);
  }
  return found;
}

/** Templates name data that exists, and cases and messages belong together. */
function messageProblems({ target, data = {}, meta, cases }: Check): Problem[] {
  const problems: Problem[] = [];
  const add = (pointer: string, message: string, key = false): void => {
    problems.push({ pointer, key, message });
  };
  const known: readonly string[] = [...DATA[target], ...Object.keys(data)];
  const ids = Object.keys(meta.messages);
  for (const [id, template] of Object.entries(meta.messages)) {
    const pointer = `/meta/messages/${token(id)}`;
    if (id === CANNOT_BE_DECIDED) add(pointer, `'${id}' is the program's own message.`, true);
    if (!cases.some(({ messageId }) => messageId === id)) add(pointer, `no case has message '${id}'.`, true);
    for (const problem of templateProblems(template, known)) add(pointer, problem);
  }
  for (const [at, { messageId }] of cases.entries()) {
    if (ids.includes(messageId)) continue;
    add(
      `/cases/${at}/messageId`,
      `there is no message '${messageId}'. Expected ${ids.join(', ')}.${didYouMean(messageId, ids)}`,
    );
  }
  for (const name of Object.keys(data)) {
    const isOwn: readonly string[] = DATA[target];
    if (isOwn.includes(name))
      add(`/data/${token(name)}`, `${TARGETS[target]} has data '${name}' already.`, true);
  }
  for (const problem of templateProblems(meta.many, ['count', 'items'])) add('/meta/many', problem);
  return problems;
}

function templateProblems(template: string, known: readonly string[]): string[] {
  try {
    const unknown = new MessageTemplate(template).names.filter((name) => !known.includes(name));
    return unknown.map(
      (name) => `there is no data '${name}'. Expected ${known.join(', ')}.${didYouMean(name, known)}`,
    );
  } catch (error) {
    return [error instanceof Error ? `${error.message}.` : show(error)];
  }
}

/** Each option has a default, and the default is one. */
function optionProblems(schema: OptionsSchema | undefined, check: Check): Problem[] {
  const defaults: unknown = check.meta.defaultOptions ?? {};
  if (!isRecord(defaults)) return [];
  const missing = Object.keys(schema?.properties ?? {}).filter((name) => !Object.hasOwn(defaults, name));
  const { problems } = resolveOptions({ ...check, meta: { ...check.meta, defaultOptions: {} } }, defaults);
  return [
    ...missing.map((name) => ({
      pointer: `/meta/schema/properties/${token(name)}`,
      key: true,
      message: `option '${name}' has no default: add it to 'meta.defaultOptions'.`,
    })),
    ...problems.map((one) => ({ ...one, pointer: `/meta/defaultOptions${one.pointer}` })),
  ];
}
