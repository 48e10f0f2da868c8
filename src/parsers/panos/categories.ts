import type { Destination } from '../../model/policy.ts';
import { normaliseName } from '../azure-firewall/names.ts';
import type { Report } from '../appliance/reading.ts';
import { nameOf, opaqueAddress } from '../appliance/rules.ts';
import type { Scope } from './scope.ts';
import { readUrlEntry } from './url-entry.ts';
import type { PanNode, Places } from './tree.ts';

/** URL categories as destinations: own ones by their hosts, Palo Alto Networks' as what only their service knows. */
export class Categories {
  readonly #scope: Scope;
  readonly #places: Places;
  readonly #report: Report;
  readonly #appends: boolean;

  /** `appends`: the firewall ends entries with a slash where nobody did. */
  constructor(scope: Scope, places: Places, report: Report, appends: boolean) {
    this.#scope = scope;
    this.#places = places;
    this.#report = report;
    this.#appends = appends;
  }

  /** Undefined for any. */
  read(list: PanNode | undefined): Destination[] | undefined {
    const members = list?.list().filter(({ key }) => key !== 'any') ?? [];
    if (members.length === 0 || members.length !== list?.list().length) return undefined;
    return members.flatMap((member) => this.one(member));
  }

  one(member: PanNode): Destination[] {
    const name = member.key;
    const place = this.#places.of(member);
    const own = this.#scope.customCategory(name);
    if (own === undefined) {
      if (this.#scope.find('external-list', name) === undefined)
        return [{ kind: 'web-category', text: name, place }];
      const reason = `the external dynamic list '${name}' is not in the file`;
      return [opaqueAddress(name, place, reason, 'use a custom URL category in its place')];
    }
    if (own.value('type') === 'Category Match') {
      const reason = `custom category '${name}' depends on what Palo Alto Networks says of a host`;
      return [opaqueAddress(name, place, reason, 'use a category of the type URL List')];
    }
    return own.list('list').flatMap((entry) => this.#entry(entry));
  }

  #entry(entry: PanNode): Destination[] {
    const place = this.#places.of(entry);
    const text = entry.key;
    if (entry.unknown !== undefined) {
      return [
        {
          kind: 'name',
          pattern: normaliseName(text.replace(/\/$/, '')),
          via: 'appliance',
          sent: true,
          text,
          place,
        },
      ];
    }
    const read = readUrlEntry(text, this.#appends);
    switch (read.kind) {
      case 'host':
        return [
          nameOf(read.pattern, text, place, {
            sent: true,
            ...(read.shape === undefined ? {} : { shape: read.shape }),
          }),
        ];
      case 'path':
        return text.endsWith('/*') && !text.slice(0, -2).includes('/')
          ? [
              nameOf(read.pattern, text, place, {
                sent: true,
                unknown: {
                  reason: `'${text}' asks for a path, which is not seen in what is not decrypted`,
                  supply: `end it in a slash: '${text.slice(0, -1)}'`,
                  place,
                },
              }),
            ]
          : [];
      case 'invalid':
        this.#report.misunderstood(`URL entry '${text}': ${read.problem}`, place);
        return [];
    }
  }
}
