import { parseIpRange } from '../../src/model/address.ts';
import { ipSetOf } from '../../src/model/ip-space.ts';
import type { Knowledge } from '../../src/coverage/match.ts';
import { tagAddresses, type TagList } from '../../src/coverage/tag-addresses.ts';
import type { Requirement } from '../../src/requirements/requirement.ts';
import { KNOWLEDGE } from './judge.ts';

/** A list of service tags by hand: address blocks by tag. */
export function tagList(tags: Readonly<Record<string, readonly string[]>>): TagList {
  const known = new Map(Object.entries(tags).map(([name, texts]) => [name.toLowerCase(), texts]));
  return {
    cloud: 'AzureCloud',
    name: 'service tags, change 7',
    has: (tag) => known.has(tag.toLowerCase()),
    addresses(tag) {
      const texts = known.get(tag.toLowerCase());
      return texts && ipSetOf(texts.flatMap((text) => parseIpRange(text) ?? []));
    },
    regional: (base) =>
      Object.keys(tags).filter((name) => name.toLowerCase().startsWith(`${base.toLowerCase()}.`)),
    spellingOf: () => undefined,
  };
}

/** The hand-written world of facts, with a list of service tags beside it. */
export function knowledgeWith(
  list: TagList,
  names: Readonly<Record<string, readonly string[]>> = {},
): (requirements: readonly Requirement[]) => Knowledge {
  const tagsOfName = (pattern: string): readonly (readonly string[])[] =>
    names[pattern] === undefined ? KNOWLEDGE.tagsOfName(pattern) : [names[pattern]];
  return (requirements) => ({
    ...KNOWLEDGE,
    tagsOfName,
    tags: tagAddresses({ list, requirements, tagsOfName }),
  });
}
