import type { Place } from '../../model/place.ts';
import { field, listOf, textOf } from '../azure-firewall/fields.ts';
import type { ObjectValue, Value } from '../value.ts';
import { newEntry, type Entry, type Section, type Word } from './tree.ts';

/**
 * Answers of the REST API, `GET /api/v2/cmdb/firewall/policy` and its like, as sections of a configuration. The answer
 * says what it is in `path` and `name`; a list without them is told from its members.
 */
export function readAnswers(value: Value, domains: Map<string, Map<string, Section>>): void {
  const answers = value.kind === 'array' ? value.items : [value];
  const isList = answers.every((one) => one.kind === 'object' && field(one, 'results') === undefined);
  if (isList) {
    addAnswer(undefined, answers, value.place, domains);
    return;
  }
  for (const answer of answers) {
    if (answer.kind !== 'object') continue;
    addAnswer(answer, listOf(field(answer, 'results')), answer.place, domains);
  }
}

function addAnswer(
  answer: ObjectValue | undefined,
  results: readonly Value[],
  place: Place,
  domains: Map<string, Map<string, Section>>,
): void {
  const objects = results.filter((one) => one.kind === 'object');
  const name = nameOf(answer, objects[0]);
  if (name === undefined) return;
  const domain = textOf(answer && field(answer, 'vdom'));
  const sections = domains.get(domain) ?? new Map<string, Section>();
  domains.set(domain, sections);
  const section = sections.get(name) ?? { name, place, entries: new Map(), own: newEntry('', place) };
  sections.set(name, section);
  for (const object of objects) {
    const entry = entryOf(object);
    section.entries.set(entry.key, entry);
  }
}

/** `firewall.service` and `custom` are `firewall service custom`. */
function nameOf(answer: ObjectValue | undefined, first: ObjectValue | undefined): string | undefined {
  if (answer !== undefined) {
    const path = textOf(field(answer, 'path'));
    const name = textOf(field(answer, 'name'));
    if (path !== '' && name !== '') return `${path} ${name}`.replaceAll('.', ' ');
  }
  const has = (key: string): boolean => first !== undefined && field(first, key) !== undefined;
  if (has('policyid')) return 'firewall policy';
  if (has('tcp-portrange')) return 'firewall service custom';
  if (has('subnet') || has('fqdn')) return 'firewall address';
  return has('member') ? 'firewall addrgrp' : undefined;
}

function entryOf(object: ObjectValue): Entry {
  const key = textOf(field(object, 'policyid')) || textOf(field(object, 'name'));
  const entry = newEntry(key, object.place);
  for (const { name, value } of object.members.values()) {
    const values = wordsOf(value);
    // The API answers with every setting; an empty one is not set.
    if (values.length > 0) entry.settings.set(name, { key: name, values, place: value.place });
  }
  return entry;
}

function wordsOf(value: Value): Word[] {
  if (value.kind === 'array') {
    return value.items.flatMap((item) => {
      if (item.kind !== 'object') return wordsOf(item);
      const name = field(item, 'name') ?? field(item, 'q_origin_key');
      return name === undefined ? [] : wordsOf(name);
    });
  }
  if (value.kind === 'object' || value.kind === 'null') return [];
  const text = textOf(value);
  // `subnet` comes as "10.9.0.0 255.255.252.0", ports as "443 8443".
  return text.split(' ').filter((word) => word !== '').length > 1 && /^[\d.:\- ]+$/.test(text)
    ? text.split(/ +/).map((word) => ({ text: word, place: value.place }))
    : text === ''
      ? []
      : [{ text, place: value.place }];
}
