import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/reporters/report.ts';
import { lintTexts, refusalOf, verdictsOf } from '../parsers/appliances/appliance.ts';

/** Exports of public repositories, which lie beside the project and are not part of it. */
const CORPUS = '../shared/corpus';
const FOLDERS = ['panos', 'fortios', 'checkpoint', 'cisco'];

/** As the manifest says: rules and values that are not understood, or why it is refused. */
const FILES: Readonly<
  Record<string, { readonly format: string; readonly rules: number; readonly open?: number } | string>
> = {
  'PaloAltoNetworks__iron-skillet__iron_skillet_azure_full.xml': { format: 'panos-xml', rules: 0 },
  'PaloAltoNetworks__iron-skillet__iron_skillet_set_format.conf': { format: 'panos-set', rules: 2 },
  'aerleon__aerleon__generated_sample_paloalto.xml': { format: 'panos-xml', rules: 7 },
  'batfish__batfish__batfish_panorama_rulebase.set': { format: 'panos-set', rules: 2 },
  'batfish__batfish__batfish_address.conf': { format: 'fortios', rules: 0 },
  'batfish__batfish__batfish_addrgrp.conf': { format: 'fortios', rules: 0 },
  'batfish__batfish__batfish_firewall_policy.conf': { format: 'fortios', rules: 5 },
  'batfish__batfish__batfish_fortios_ignored.conf': { format: 'fortios', rules: 0 },
  'batfish__batfish__batfish_policy.conf': { format: 'fortios', rules: 2 },
  'batfish__batfish__batfish_service_custom.conf': { format: 'fortios', rules: 0 },
  'batfish__batfish__Standard_show-access-rulebase.json': { format: 'checkpoint', rules: 4 },
  'batfish__batfish__test1_show-access-rulebase.json': { format: 'checkpoint', rules: 1 },
  'batfish__batfish__Standard_show-package.json': 'no rules; add the pages of show-access-rulebase',
  'batfish__batfish__show-hosts.json': 'no rules; add the pages of show-access-rulebase',
  'batfish__batfish__show-service-groups.json': 'no rules; add the pages of show-access-rulebase',
  'batfish__batfish__asa-acl-object.cfg': { format: 'cisco-asa', rules: 2 },
  // One of its lists is bound and not in the file.
  'batfish__batfish__asa-filters.cfg': { format: 'cisco-asa', rules: 4, open: 1 },
  'batfish__batfish__asa-nat-object-static.cfg': { format: 'cisco-asa', rules: 0 },
  'batfish__batfish__asa-nested-network-object-group.cfg': { format: 'cisco-asa', rules: 0 },
  'batfish__batfish__asa-nested-service-object-group.cfg': { format: 'cisco-asa', rules: 0 },
  'batfish__batfish__asa-security-level-permit-tracing.cfg': { format: 'cisco-asa', rules: 3 },
  'batfish__batfish__asa_dns.cfg': { format: 'cisco-asa', rules: 0 },
  'batfish__pybatfish__ios_zone_firewall.cfg': 'a Cisco IOS configuration, which is not read',
};

const found = FOLDERS.flatMap((folder) =>
  existsSync(`${CORPUS}/${folder}`)
    ? readdirSync(`${CORPUS}/${folder}`).map((name) => `${folder}/${name}`)
    : [],
);
const textOf = (name: string): string => {
  const path = found.find((one) => basename(one) === name);
  if (path === undefined) throw new Error(`${name} is not in the corpus`);
  return readFileSync(`${CORPUS}/${path}`, 'utf8');
};
const lint = (name: string, ...flags: readonly string[]): Promise<Report> =>
  lintTexts({ [name]: textOf(name) }, ...flags);

describe.skipIf(!existsSync(CORPUS))('exports of appliances from public repositories', () => {
  it('all have an expectation', () => {
    expect(found.map((path) => basename(path)).sort()).toEqual(Object.keys(FILES).sort());
  });

  it.each(Object.entries(FILES))('%s is read as what it is, or refused', async (name, expected) => {
    if (typeof expected === 'string') {
      expect(await refusalOf({ [name]: textOf(name) })).toContain(expected);
      return;
    }
    const { inputs } = await lint(name);
    expect(inputs.map(({ format, rules, unresolved }) => ({ format, rules, unresolved }))).toEqual([
      { format: expected.format, rules: expected.rules, unresolved: expected.open ?? 0 },
    ]);
  });

  /**
   * By hand, from the rules:
   * - aerleon: INTERNAL (RFC 1918) may go to any host by 80 and 443 from zone internal; from external only pings and listed
   *   applications, of which ssl may change.
   * - Panorama: one rule for everything on the standard ports of each application, before and after.
   * - FortiGate, policy: 1234 and 1235 are denied, every TCP port is accepted from port1 and port2 to port3 and port4.
   * - FortiGate, firewall_policy: policy 2 accepts everything from anywhere.
   * - Check Point: each layer accepts everything for the host 10.1.1.1, and so does a rule behind for all others.
   * - ASA, filters: see the interfaces.
   */
  it.each([
    ['aerleon__aerleon__generated_sample_paloalto.xml', 'internal', 'external', 'covered', 'covered'],
    ['aerleon__aerleon__generated_sample_paloalto.xml', 'external', 'internal', 'unknown', 'unknown'],
    ['aerleon__aerleon__generated_sample_paloalto.xml', 'dmz', 'external', 'missing', 'missing'],
    ['batfish__batfish__batfish_panorama_rulebase.set', 'z1', 'z2', 'covered', 'covered'],
    ['batfish__batfish__batfish_policy.conf', 'port1', 'port3', 'covered', 'covered'],
    ['batfish__batfish__batfish_policy.conf', 'port1', 'port2', 'missing', 'missing'],
    ['batfish__batfish__batfish_firewall_policy.conf', 'port1', 'port2', 'covered', 'covered'],
    ['batfish__batfish__Standard_show-access-rulebase.json', '', '', 'covered', 'covered'],
    ['batfish__batfish__test1_show-access-rulebase.json', '', '', 'covered', 'covered'],
    // Everything in, and no list on the way out.
    ['batfish__batfish__asa-filters.cfg', 'name1', 'name3', 'covered', 'covered'],
    // Everything in, TCP 123 only out.
    ['batfish__batfish__asa-filters.cfg', 'name1', 'name5', 'missing', 'missing'],
    // TCP 123 only in.
    ['batfish__batfish__asa-filters.cfg', 'name4', 'name3', 'missing', 'missing'],
    // The list on the way out is not in the file.
    ['batfish__batfish__asa-filters.cfg', 'name1', 'name2', 'unknown', 'unknown'],
    // From security level 100 to 10, without a list.
    [
      'batfish__batfish__asa-security-level-permit-tracing.cfg',
      'inHigh',
      'inLowFiltered',
      'covered',
      'covered',
    ],
    // The list on the way out permits TCP 123.
    ['batfish__batfish__asa-security-level-permit-tracing.cfg', 'inHigh', 'out', 'missing', 'missing'],
    // From 50 to 100, without a list.
    [
      'batfish__batfish__asa-security-level-permit-tracing.cfg',
      'inSameLevel',
      'inHigh',
      'missing',
      'missing',
    ],
  ])('%s from %s to %s', async (name, from, to, https, http) => {
    const zones = from === '' ? [] : ['--from-zone', from, '--to-zone', to];
    const verdicts = verdictsOf(await lint(name, '--source', '10.9.0.0/22', ...zones));
    expect([verdicts['mcr.microsoft.com 443'], verdicts['security.ubuntu.com 80']]).toEqual([https, http]);
  });
});
