import type { Place } from '../../model/place.ts';
import type { AzureStage, Rule, Stage } from '../../model/policy.ts';
import type { Unknown } from '../../model/symbol.ts';
import { JsonObject } from '../json/value.ts';
import type { Resource } from '../resource.ts';
import type { ObjectValue, Value } from '../value.ts';
import {
  bodyOf,
  CUT_OFF,
  describe,
  field,
  isCutOff,
  keyPlace,
  listOf,
  numberOf,
  textOf,
  unknownOf,
  wordOf,
} from './fields.ts';
import { segmentsOf } from './resource-ids.ts';
import { notARule, readRule, type RuleReader, type RuleReading } from './rules.ts';

/** One collection, or what stands for several that are not known. */
export interface CollectionReading {
  readonly name: string;
  /** NaN where it is not known. */
  readonly priority: number;
  readonly place: Place;
  readonly priorityPlace: Place;
  readonly action: Rule['action'];
  readonly rules: readonly { readonly index: number; readonly rule: RuleReading }[];
}

/** One rule collection group; a classic firewall counts as a group without name. */
export interface GroupReading {
  readonly name: string;
  readonly priority: number;
  readonly place: Place;
  readonly priorityPlace: Place;
  readonly collections: readonly CollectionReading[];
  readonly conditional?: Unknown;
}

const STAGES: readonly AzureStage[] = ['network', 'application'];

/** Reads a rule collection group, whatever stage its collections belong to. DNAT collections are left out. */
export function readGroup(resource: Resource, reader: RuleReader): GroupReading {
  const properties = resource.body.members.get('properties')?.value ?? resource.properties;
  const body = properties.kind === 'object' ? bodyOf(properties) : resource.properties;
  const name = segmentsOf(resource.name).at(-1) ?? resource.name;
  const priority = readPriority(body, reader, resource.place);
  return {
    name,
    ...priority,
    place: resource.place,
    collections:
      properties.kind === 'object'
        ? [
            ...listOf(field(body, 'rulecollections', 'rulecollection')).flatMap(
              (value) => readCollection(value, undefined, reader) ?? [],
            ),
            // Terraform keeps the collections of each stage apart, as a classic firewall does.
            ...stagedCollections(body, reader),
          ]
        : [unreadable(properties, 'the properties of the group as an object', STAGES, reader)],
    ...(resource.conditional === undefined ? {} : { conditional: resource.conditional }),
  };
}

/** Reads the collections that a classic firewall holds itself. */
export function readClassicCollections(resource: Resource, reader: RuleReader): readonly CollectionReading[] {
  const { body, properties } = resource;
  const whole = body.members.get('properties')?.value;
  if (whole?.kind === 'unknown') {
    reader.report.unknown(whole.unknown);
    return [opaqueCollection('', whole.unknown, whole.place)];
  }
  return stagedCollections(properties, { ...reader, isClassic: true });
}

const STAGED_LISTS = [
  ['networkrulecollections', 'network'],
  ['applicationrulecollections', 'application'],
] as const;

function stagedCollections(body: ObjectValue, reader: RuleReader): CollectionReading[] {
  return STAGED_LISTS.flatMap(([name, stage]) =>
    listOf(field(body, name)).flatMap((value) => readCollection(value, stage, reader) ?? []),
  );
}

/** A collection of which nothing is known: it may hold rules of either stage, or of the one that is given. */
export function opaqueCollection(
  name: string,
  unknown: Unknown,
  place: Place,
  stages: readonly AzureStage[] = STAGES,
  kind: 'base-policy' | 'rules' = 'rules',
): CollectionReading {
  return {
    name,
    priority: NaN,
    place,
    priorityPlace: place,
    action: 'unknown',
    rules: stages.map((stage) => ({
      index: 0,
      rule: { ...opaqueRule(stage, unknown, place), opaqueKind: kind },
    })),
  };
}

function readCollection(
  value: Value,
  stage: AzureStage | undefined,
  reader: RuleReader,
): CollectionReading | undefined {
  const body = value.kind === 'object' ? bodyOf(value) : undefined;
  if (value.kind !== 'object' || body === undefined || !isCollection(body)) {
    return unreadable(value, 'a rule collection', stage === undefined ? STAGES : [stage], reader);
  }
  if (isNat(body)) return undefined;
  const priority = readPriority(body, reader, value.place);
  return {
    name: textOf(field(value, 'name') ?? field(body, 'name')),
    ...priority,
    place: value.place,
    action: readAction(body, reader, value.place),
    rules: readRules(body, stage, priority.priorityPlace, reader),
  };
}

/** What cannot be read may hold any rule: to leave it out would be to say that it holds none. */
function unreadable(
  value: Value,
  expected: string,
  stages: readonly AzureStage[],
  { report }: RuleReader,
): CollectionReading {
  const { place } = value;
  let unknown = unknownOf(value);
  if (unknown === undefined) {
    const cutOff = isCutOff(textOf(value));
    const reason = cutOff ? CUT_OFF : `expected ${expected}, found ${describe(value)}`;
    report.note(reason, place);
    unknown = { reason, supply: cutOff ? 'repeat the export' : 'correct the file', place };
  }
  report.unknown(unknown);
  return opaqueCollection('', unknown, place, stages);
}

function isCollection({ members }: ObjectValue): boolean {
  return ['rules', 'ruleconditions', 'action', 'priority', 'name'].some((name) => members.has(name));
}

function isNat(body: ObjectValue): boolean {
  return (
    wordOf(field(body, 'rulecollectiontype', 'ruletype')).includes('nat') || actionWord(body).endsWith('nat')
  );
}

/** `{type: "Allow"}`, in some exports plainly "Allow". */
function actionValue(body: ObjectValue): Value | undefined {
  const action = field(body, 'action', 'actiontype');
  return action?.kind === 'object' ? field(action, 'type') : action;
}

function actionWord(body: ObjectValue): string {
  return wordOf(actionValue(body));
}

function readAction(body: ObjectValue, { report }: RuleReader, place: Place): Rule['action'] {
  const value = actionValue(body);
  const unknown = unknownOf(value);
  if (unknown !== undefined) {
    report.unknown(unknown);
    return 'unknown';
  }
  const word = wordOf(value);
  if (word === 'allow' || word === 'deny') return word;
  const found = value === undefined ? 'none' : describe(value);
  report.note(`expected Allow or Deny as action of the collection, found ${found}`, (value ?? body).place);
  report.unknown({
    reason: `the collection's action is neither Allow nor Deny but ${found}`,
    supply: 'write "action": {"type": "Allow"} or "Deny"',
    place,
  });
  return 'unknown';
}

function readPriority(
  body: ObjectValue,
  { report }: RuleReader,
  place: Place,
): { priority: number; priorityPlace: Place } {
  const value = field(body, 'priority');
  const priorityPlace = value?.place ?? keyPlace(body, 'priority') ?? place;
  const priority = numberOf(value);
  if (priority !== undefined) return { priority, priorityPlace };
  const unknown = unknownOf(value);
  if (unknown !== undefined) {
    report.unknown(unknown);
  } else {
    const found = value === undefined ? 'none' : describe(value);
    report.note(`expected a number as priority, found ${found}`, priorityPlace);
  }
  return { priority: NaN, priorityPlace };
}

function readRules(
  body: ObjectValue,
  fallback: AzureStage | undefined,
  priority: Place,
  reader: RuleReader,
): CollectionReading['rules'] {
  const { report } = reader;
  const rules: { index: number; rule: RuleReading }[] = [];
  const gaps: { index: number; unknown: Unknown; place: Place }[] = [];
  listOf(field(body, 'rules', 'ruleconditions')).forEach((value, index) => {
    const unknown = unknownOf(value);
    if (unknown !== undefined) {
      report.unknown(unknown);
      gaps.push({ index, unknown, place: value.place });
      return;
    }
    const rule = value.kind === 'object' ? readRule(value, fallback, priority, reader) : undefined;
    if (rule === undefined) {
      const reason = notARule(value);
      report.note(reason, value.place);
      const problem = { reason, supply: 'correct the rule', place: value.place };
      report.unknown(problem);
      gaps.push({ index, unknown: problem, place: value.place });
    } else if (rule !== 'nat') {
      rules.push({ index, rule });
    }
    if (value instanceof JsonObject) value.release();
  });
  if (gaps.length === 0) return rules;
  // A collection holds rules of one type, so known rules tell the stage of the unknown ones.
  const known = new Set(rules.map(({ rule }) => rule.stage));
  const stages = fallback !== undefined ? [fallback] : known.size === 1 ? [...known] : STAGES;
  const opaque = gaps.flatMap(({ index, unknown, place }) =>
    stages.map((stage) => ({ index, rule: opaqueRule(stage, unknown, place) })),
  );
  return [...rules, ...opaque].sort((a, b) => a.index - b.index);
}

function opaqueRule(stage: Stage, unknown: Unknown, place: Place): RuleReading {
  return {
    name: '',
    stage,
    sources: [],
    destinations: [],
    services: [],
    terminateTls: 'unknown',
    description: '',
    place,
    listPlaces: {},
    opaque: unknown,
    ineffective: [],
    needsTier: [],
  };
}
