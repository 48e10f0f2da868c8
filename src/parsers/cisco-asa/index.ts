import type { Place } from '../../model/place.ts';
import type { Address, Destination, IpRange, Policy } from '../../model/policy.ts';
import { REMARK, type Remark } from '../../model/remark.ts';
import { InputError } from '../../errors.ts';
import { positionAt } from '../json/value.ts';
import {
  Report,
  type ApplianceFile,
  type ApplianceOptions,
  type ApplianceReading,
} from '../appliance/reading.ts';
import {
  anyAddress,
  appliancePolicy,
  opaqueAddress,
  RuleList,
  withUniqueIds,
  type RuleDraft,
} from '../appliance/rules.ts';
import { anyService } from '../appliance/services.ts';
import { Zones, type Network } from '../appliance/zones.ts';
import { EntryReader, type Entry } from './entry.ts';
import { begins, readLines, textFrom, type ConfigLines, type Line } from './lines.ts';
import { Objects, subnet } from './objects.ts';

/** Reads running configurations of Cisco ASA: one policy for each. */
export function readAsa(files: readonly ApplianceFile[], options: ApplianceOptions): ApplianceReading {
  const readings = files.map((file) => new AsaReader(file, options).read());
  return {
    policies: withUniqueIds(readings.map(({ policy }) => policy)),
    notes: readings.flatMap(({ report }) => report.notes),
    remarks: readings.flatMap(({ remarks }) => remarks),
    files: new Map(
      readings.map(({ path, report, rules }) => [
        path,
        { format: 'cisco-asa' as const, rules, notUnderstood: report.notUnderstood },
      ]),
    ),
  };
}

interface Reading {
  readonly path: string;
  readonly policy: Policy;
  readonly report: Report;
  readonly remarks: readonly Remark[];
  readonly rules: number;
}

interface Interface {
  readonly name: string;
  readonly level: number;
  readonly line: Line;
}

/** An access list where it is in force. */
interface Binding {
  readonly list: string;
  readonly direction: 'in' | 'out' | 'global';
  readonly interface: string;
}

class AsaReader {
  readonly #file: ApplianceFile;
  readonly #options: ApplianceOptions;
  readonly #report = new Report();
  readonly #remarks: Remark[] = [];
  readonly #config: ConfigLines;
  readonly #lists = new Map<string, { entry: Entry; name: string }[]>();
  #rules = 0;

  constructor(file: ApplianceFile, options: ApplianceOptions) {
    this.#file = file;
    this.#options = options;
    if (file.text.includes('\0'))
      throw new InputError(file.path, 'it holds a zero byte; expected the text of a running configuration');
    this.#config = readLines(file.path, file.text);
  }

  read(): Reading {
    const { lines } = this.#config;
    const { path } = this.#file;
    this.#readLists(lines);
    const interfaces = interfacesOf(lines);
    const bindings = lines.flatMap(bindingOf);
    this.#noteUnbound(bindings, lines);
    const zones = new Zones(networksOf(lines, interfaces), this.#options, 'interface');
    const name = lines.find((line) => begins(line, 'hostname'))?.tokens[1]?.text ?? 'asa';
    const list = new RuleList(name);
    const outgoing = bindings.filter(({ direction }) => direction === 'out');
    this.#incoming(bindings, interfaces, zones, list);
    if (outgoing.length > 0) this.#outgoing(outgoing, zones, list);
    const first = lines.find((line) => begins(line, 'access-list'));
    const place = first?.place ?? { path, pointer: '' };
    if (bindings.length === 0 && interfaces.length < 2) {
      const opaque = {
        reason:
          'no access list is bound to an interface, and the interfaces, whose security levels decide then, are not in the file',
        supply: 'give the whole running configuration',
        place,
      };
      list.add({ ...everything('', '', place), action: 'unknown', opaque });
    }
    this.#comments();
    this.#report.end(path);
    const layers = [
      { name: 'in', otherwise: 'deny' as const },
      ...(outgoing.length > 0 ? [{ name: 'out', otherwise: 'allow' as const }] : []),
    ];
    return {
      path,
      policy: appliancePolicy({
        id: name,
        name,
        place,
        rules: list.rules,
        layers,
      }),
      report: this.#report,
      remarks: this.#remarks,
      rules: this.#rules,
    };
  }

  #readLists(lines: readonly Line[]): void {
    const reader = new EntryReader(new Objects(lines, this.#report, this.#options.seesDns), this.#report);
    const bound = new Set(lines.flatMap((line) => bindingOf(line).map(({ list }) => list)));
    const remarkOf = new Map<string, Line>();
    for (const line of lines) {
      const [word, list] = line.tokens;
      if (word?.text !== 'access-list' || list === undefined) continue;
      const at = line.tokens[2]?.text === 'line' ? 4 : 2;
      const kind = line.tokens[at]?.text ?? '';
      if (kind === 'remark') {
        remarkOf.set(list.text, line);
        continue;
      }
      // Lists of other kinds are for routing, clientless VPN and layer 2; lists that are not bound count for nothing.
      if (['standard', 'webtype', 'ethertype', 'mode'].includes(kind)) continue;
      this.#rules += 1;
      const remark = remarkOf.get(list.text);
      if (remark !== undefined) this.#remember(remark, line);
      if (!bound.has(list.text)) continue;
      const known = this.#lists.get(list.text) ?? [];
      this.#lists.set(list.text, known);
      const text = remark === undefined ? '' : textFrom(remark, 3).slice(0, LONGEST_NAME);
      const name = text === '' || text.includes(REMARK) ? `${list.text} line ${known.length + 1}` : text;
      for (const entry of reader.read(line)) known.push({ entry, name });
    }
  }

  /** A remark is about the entry behind it. */
  #remember(remark: Line, entry: Line): void {
    const text = textFrom(remark, 3);
    if (text.includes(REMARK) && !this.#remarks.some(({ place }) => place === remark.place))
      this.#remarks.push(this.#remarkAt(text, remark.place.span?.start ?? 0, entry));
  }

  #remarkAt(text: string, start: number, about: Line | undefined): Remark {
    const place = { path: this.#file.path, pointer: `/${start}`, span: { start, end: start + 1 } };
    return { text, place, position: positionAt(this.#file.text, start), about: about?.place };
  }

  /** `! aks-egress-lint-ignore …` is about the entry behind it. */
  #comments(): void {
    const entries = this.#config.lines.filter((line) => begins(line, 'access-list'));
    for (const { text, place } of this.#config.comments) {
      if (!text.includes(REMARK)) continue;
      const start = place.span?.start ?? 0;
      const about = entries.find(
        (line) => (line.place.span?.start ?? 0) > start && line.tokens[2]?.text !== 'remark',
      );
      this.#remarks.push(this.#remarkAt(text, start, about));
    }
  }

  #noteUnbound(bindings: readonly Binding[], lines: readonly Line[]): void {
    const bound = new Set(bindings.map(({ list }) => list));
    const seen = new Set<string>();
    for (const line of lines) {
      const list = line.tokens[1]?.text ?? '';
      if (
        !begins(line, 'access-list') ||
        line.tokens[2]?.text !== 'extended' ||
        bound.has(list) ||
        seen.has(list)
      )
        continue;
      seen.add(list);
      this.#report.note(
        `access list '${list}' is bound to no interface by access-group, so it decides nothing`,
        line.place,
      );
    }
    for (const { list } of bindings) {
      if (this.#lists.has(list) || seen.has(list)) continue;
      seen.add(list);
      const line = lines.find((one) => begins(one, 'access-group', list));
      if (line !== undefined) this.#report.misunderstood(`there is no access list '${list}'`, line.place);
    }
  }

  /**
   * The list of the interface by which traffic comes in, then the global one, then nothing is allowed. Without either,
   * traffic may go to interfaces of a lower security level.
   */
  #incoming(
    bindings: readonly Binding[],
    interfaces: readonly Interface[],
    zones: Zones,
    into: RuleList,
  ): void {
    const global = bindings.filter(({ direction }) => direction === 'global');
    const ingoing = bindings.filter(({ direction }) => direction === 'in');
    for (const binding of ingoing) this.#list(binding, { from: [binding.interface] }, zones, into, 0);
    for (const binding of global) this.#list(binding, {}, zones, into, 0);
    if (global.length > 0) return;
    const equals = this.#config.lines.some((line) =>
      begins(line, 'same-security-traffic', 'permit', 'inter-interface'),
    );
    for (const { name, level, line } of interfaces) {
      if (ingoing.some((binding) => binding.interface === name)) continue;
      const lower = interfaces.filter(
        (other) => other.level < level || (equals && other.level === level && other.name !== name),
      );
      if (lower.length === 0) continue;
      const place = line.place;
      this.#add(
        {
          ...everything(`security level of ${name}`, 'security-level', place),
          action: 'allow',
          layer: 0,
        },
        { from: [name], to: lower.map((other) => other.name) },
        zones,
        into,
      );
    }
  }

  /** Traffic that leaves by an interface with a list of its own has to be allowed by that too. */
  #outgoing(bindings: readonly Binding[], zones: Zones, into: RuleList): void {
    for (const binding of bindings) {
      const limit = { to: [binding.interface] };
      this.#list(binding, limit, zones, into, 1);
      if (!this.#lists.has(binding.list)) continue;
      const place = this.#bindingPlace(binding.list);
      const denied: RuleDraft = {
        ...everything(`end of ${binding.list}`, binding.list, place),
        action: 'deny',
        layer: 1,
      };
      this.#add(denied, limit, zones, into);
    }
  }

  #list(
    { list }: Binding,
    limit: { readonly from?: readonly string[]; readonly to?: readonly string[] },
    zones: Zones,
    into: RuleList,
    layer: number,
  ): void {
    const entries = this.#lists.get(list);
    if (entries === undefined) {
      this.#add(this.#missingList(list, layer), limit, zones, into);
      return;
    }
    for (const { entry, name } of entries) {
      const { action, sources, destinations, services, conditions, place, listPlaces } = entry;
      const draft: RuleDraft = {
        name,
        group: '',
        collection: list,
        action,
        sources: sources.map(asSource),
        destinations,
        services,
        conditions,
        place,
        listPlaces,
        layer,
      };
      if (services.length > 0) this.#add(draft, limit, zones, into);
    }
  }

  #missingList(list: string, layer: number): RuleDraft {
    const place = this.#bindingPlace(list);
    const unknown = { reason: `access list '${list}' is not in the file`, supply: 'add its entries', place };
    return { ...everything(`end of ${list}`, list, place), action: 'unknown', conditions: [unknown], layer };
  }

  #bindingPlace(list: string): Place {
    const line = this.#config.lines.find((one) => begins(one, 'access-group', list));
    return line?.place ?? { path: this.#file.path, pointer: '' };
  }

  #add(
    draft: RuleDraft,
    { from, to }: { readonly from?: readonly string[]; readonly to?: readonly string[] },
    zones: Zones,
    into: RuleList,
  ): void {
    const { sources, destinations, place } = draft;
    const zoned = zones.limit({ from, to, place, sources, destinations });
    if (zoned === undefined) return;
    into.add({ ...draft, ...zoned, conditions: [...(draft.conditions ?? []), ...zoned.conditions] });
  }
}

/** A rule that nobody wrote, for all traffic. */
function everything(name: string, collection: string, place: Place): Omit<RuleDraft, 'action'> {
  return {
    name,
    group: '',
    collection,
    sources: [anyAddress(place)],
    destinations: [anyAddress(place)],
    services: [anyService(place, 'ip')],
    place,
    implicit: 'default',
  };
}

/** What of a remark names a rule. */
const LONGEST_NAME = 60;

function asSource(member: Destination): Address {
  if (member.kind === 'name' || member.kind === 'fqdn-tag' || member.kind === 'web-category') {
    const reason = `the address of '${member.text}' is not known`;
    return opaqueAddress(member.text, member.place, reason, 'use addresses for sources');
  }
  return member;
}

function bindingOf(line: Line): Binding[] {
  const words = line.tokens.map(({ text }) => text);
  const [word, list = '', direction, , name = ''] = words;
  if (word !== 'access-group') return [];
  // Those of the control plane are for traffic to the device itself.
  if (words.includes('control-plane')) return [];
  if (direction === 'global') return [{ list, direction, interface: '' }];
  return direction === 'in' || direction === 'out' ? [{ list, direction, interface: name }] : [];
}

function interfacesOf(lines: readonly Line[]): Interface[] {
  return lines.flatMap((line) => {
    if (!begins(line, 'interface')) return [];
    const value = (key: string): string | undefined =>
      line.inner.find((one) => begins(one, key))?.tokens[1]?.text;
    const name = value('nameif');
    if (name === undefined || line.inner.some((one) => begins(one, 'management-only'))) return [];
    return [{ name, level: Number(value('security-level') ?? (name === 'inside' ? 100 : 0)), line }];
  });
}

function networksOf(lines: readonly Line[], interfaces: readonly Interface[]): Network[] {
  const found: Network[] = [];
  const add = (range: IpRange | undefined, name: string): void => {
    if (range !== undefined) found.push({ range, names: new Set([name]) });
  };
  for (const { name, line } of interfaces) {
    const address = line.inner.find((one) => begins(one, 'ip', 'address'));
    const [first = '', second = ''] = address?.tokens.slice(2).map(({ text }) => text) ?? [];
    if (first === 'dhcp' || first === 'pppoe') {
      // The address comes from the network, and with `setroute` the way to the Internet.
      if (address?.tokens.some(({ text }) => text === 'setroute') === true)
        add(subnet(['0.0.0.0', '0.0.0.0']), name);
    } else if (first !== '') add(subnet([first, second]), name);
  }
  for (const line of lines) {
    if (!begins(line, 'route')) continue;
    const [, name = '', destination = '', mask = ''] = line.tokens.map(({ text }) => text);
    if (interfaces.some((one) => one.name === name)) add(subnet([destination, mask]), name);
  }
  return found;
}
