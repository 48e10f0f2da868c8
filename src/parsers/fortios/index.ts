import type { Policy } from '../../model/policy.ts';
import type { Remark } from '../../model/remark.ts';
import { readJson } from '../json/read.ts';
import { positionAt } from '../json/value.ts';
import {
  Report,
  type ApplianceFile,
  type ApplianceOptions,
  type ApplianceReading,
  type FileReading,
} from '../appliance/reading.ts';
import { appliancePolicy, RuleList, withUniqueIds } from '../appliance/rules.ts';
import { Zones } from '../appliance/zones.ts';
import { Addresses } from './addresses.ts';
import { interfaces, networksOf } from './networks.ts';
import { Policies } from './policies.ts';
import { readAnswers } from './rest.ts';
import { Services } from './services.ts';
import { readConfig } from './text.ts';
import { entriesOf, valueOf, type Section, type Sections } from './tree.ts';

/**
 * Reads FortiGate configurations: backups and `show full-configuration`, each by itself, and answers of the REST API, which
 * hold one kind of object each and belong together. One policy for each virtual domain.
 */
export function readFortios(files: readonly ApplianceFile[], options: ApplianceOptions): ApplianceReading {
  const readings: Reading[] = [];
  const answers = files.filter(({ text }) => /^\uFEFF?\s*[[{]/.test(text));
  for (const file of files) if (!answers.includes(file)) readings.push(readText(file, options));
  if (answers.length > 0) readings.push(readRest(answers, options));
  return {
    policies: withUniqueIds(readings.flatMap(({ policies }) => policies)),
    notes: readings.flatMap(({ report }) => report.notes),
    remarks: readings.flatMap(({ remarks }) => remarks),
    files: new Map(readings.flatMap(({ files: own }) => own)),
  };
}

interface Reading {
  readonly policies: readonly Policy[];
  readonly report: Report;
  readonly remarks: readonly Remark[];
  readonly files: readonly (readonly [string, FileReading])[];
}

function readText({ path, text }: ApplianceFile, options: ApplianceOptions): Reading {
  const { domains, comments } = readConfig(path, text);
  const { policies, report, remarks, rules } = readDomains(domains, path, options);
  for (const { text: words, start, about } of comments) {
    const place = { path, pointer: '', span: { start, end: start + 1 } };
    remarks.push({ text: words, place, position: positionAt(text, start), about });
  }
  const file = { format: 'fortios', rules, notUnderstood: report.notUnderstood } as const;
  return { policies, report, remarks, files: [[path, file]] };
}

function readRest(files: readonly ApplianceFile[], options: ApplianceOptions): Reading {
  const domains = new Map<string, Map<string, Section>>();
  for (const { path, text } of files) readAnswers(readJson(path, text).value, domains);
  const [first] = files;
  const { policies, report, remarks } = readDomains(domains, first?.path ?? '', options);
  const inFile = (path: string): number =>
    [...domains.values()].flatMap((sections) =>
      entriesOf(sections, 'firewall policy').filter(({ place }) => place.path === path),
    ).length;
  return {
    policies,
    report,
    remarks,
    files: files.map(({ path }) => [
      path,
      {
        format: 'fortios-rest',
        rules: inFile(path),
        notUnderstood: path === first?.path ? report.notUnderstood : 0,
      },
    ]),
  };
}

/** What is configured outside of virtual domains is global; a device without any has only that. */
function readDomains(
  domains: ReadonlyMap<string, Sections>,
  path: string,
  options: ApplianceOptions,
): { policies: Policy[]; report: Report; remarks: Remark[]; rules: number } {
  const report = new Report();
  const remarks: Remark[] = [];
  const global = domains.get('') ?? new Map<string, Section>();
  const named = [...domains].filter(([name]) => name !== '');
  const own = named.length > 0 ? named : [['', global] as const];
  let rules = 0;
  const policies = own.map(([domain, sections]) => {
    const name = domain === '' ? nameOf(global) : domain;
    const zones = new Zones(networksOf(sections, global, domain), options, 'interface');
    const addresses = new Addresses(sections, interfaces(sections, global, domain), report, options.seesDns);
    const services = new Services(sections, report);
    const reader = new Policies({ sections, domain, addresses, services, zones, report, remarks });
    const list = new RuleList(name);
    const decryption = new RuleList(name);
    const table = entriesOf(sections, 'firewall policy');
    const isByPolicy = valueOf(sections.get('system settings')?.own, 'ngfw-mode') === 'policy-based';
    const security = entriesOf(sections, 'firewall security-policy');
    // There, policies only say what is decrypted, and security policies decide.
    if (isByPolicy) reader.access(security, 'security-policy', list);
    else reader.access(table, 'policy', list);
    reader.decryption(table, 'policy', decryption);
    rules += table.length + security.length;
    return appliancePolicy({
      id: name,
      name,
      place: sections.get('firewall policy')?.place ?? { path, pointer: '' },
      rules: list.rules,
      decryption: decryption.rules,
    });
  });
  report.end(path);
  return { policies, report, remarks, rules };
}

function nameOf(global: Sections): string {
  return valueOf(global.get('system global')?.own, 'hostname') || 'root';
}
