import { describe, expect, test } from 'vitest';
import { meantTag } from '../../src/coverage/tag-addresses.ts';
import type { JudgeOptions } from '../../src/coverage/index.ts';
import type { Requirement } from '../../src/requirements/requirement.ts';
import { applicationRule, networkRule, policy, type RuleDraft } from '../oracle/build.ts';
import { ENDPOINTS, factsFor, judged, subjects } from './judge.ts';
import { row } from './rows.ts';
import { knowledgeWith, tagList } from './tag-list.ts';

const LIST = tagList({
  AzureCloud: ['192.0.2.0/24', '198.51.100.0/24', '2001:db8::/32'],
  'AzureCloud.westeurope': ['192.0.2.0/25', '198.51.100.0/26', '2001:db8:1::/48'],
  'AzureCloud.centralfrance': ['198.51.100.128/26'],
  AzureMonitor: ['198.51.100.64/26', '203.0.113.64/26', '2001:db8:2::/64'],
  MicrosoftContainerRegistry: ['192.0.2.128/26'],
  'AzureFrontDoor.FirstParty': ['203.0.113.0/27'],
  AzureResourceManager: ['192.0.2.200/29'],
  'Storage.WestEurope': ['192.0.2.64/27'],
  V6Only: ['2001:db8:6::/64'],
});

const monitor = row('azure-monitor/tag', ['AzureMonitor'], { protocol: 'TCP' });
const mcr = row('core/mcr', ['mcr.microsoft.com']);
const arm = row('core/arm', ['management.azure.com']);
const tunnel = row('core/tunnel', ['AzureCloud.westeurope', '<region-cidrs>', '<api-server-ip>'], {
  protocol: 'UDP',
  port: 1194,
  mode: 'any',
});
const server = row('core/server', ['<api-server-ip>'], { protocol: 'TCP' });

const OPTIONS: Partial<JudgeOptions> & { from: string } = {
  from: '10.240.0.0/22',
  region: 'westeurope',
  knowledgeOf: knowledgeWith(LIST),
};

function judgedWith(rules: readonly RuleDraft[], rows: readonly Requirement[], options = OPTIONS) {
  return judged(policy(...rules), rows, options);
}

function subjectOf(rules: readonly RuleDraft[], requirement: Requirement, options = OPTIONS) {
  const subject = subjects(judgedWith(rules, [requirement], options), 'requirement')[0];
  if (subject === undefined) throw new Error('nothing was judged');
  return { ...subject.facts, ...subject.data, leftOut: subject.data['leftOut'] ?? '' };
}

const allow = (to: readonly string[], more: object = {}): RuleDraft => networkRule('allow', { to, ...more });
const deny = (to: readonly string[]): RuleDraft =>
  networkRule('deny', { name: 'deny', to, collectionPriority: 10 });

describe('a service tag that AKS needs, and addresses written by hand', () => {
  test('all of its blocks are enough, in whatever blocks they are written', () => {
    expect(subjectOf([allow(['198.51.100.64/26', '203.0.113.64/26'])], monitor)).toMatchObject({
      verdict: 'covered',
      how: 'address',
      leftOut: '',
    });
    const halves = [
      allow(['198.51.100.64/27', '203.0.113.0/24'], { name: 'a' }),
      allow(['198.51.100.96-198.51.100.127'], { name: 'b' }),
    ];
    expect(subjectOf(halves, monitor)).toMatchObject({ verdict: 'covered' });
  });

  test('some of them are a part, and what is left out is said as blocks', () => {
    expect(subjectOf([allow(['198.51.100.64/26', '203.0.113.64/27'])], monitor)).toMatchObject({
      verdict: 'partial',
      leftOut: 'Of AzureMonitor, the rules leave out 203.0.113.96/27 (service tags, change 7).',
      remainder: 'on port 443 for 10.240.0.0/22',
    });
  });

  test('none of them are nothing, where a tag alone could not be compared with them', () => {
    const rules = [allow(['203.0.113.0/26'])];
    expect(subjectOf(rules, monitor)).toMatchObject({ verdict: 'missing', leftOut: '' });
    expect(subjectOf(rules, monitor, { from: OPTIONS.from, region: 'westeurope' }).verdict).toBe('missing');
  });

  test('a deny of some of its addresses before the tag leaves a part, one beside it nothing', () => {
    const tag = allow(['AzureMonitor']);
    expect(subjectOf([deny(['203.0.113.0/24']), tag], monitor)).toMatchObject({
      verdict: 'partial',
      denier: "'deny'",
      leftOut: 'Of AzureMonitor, the rules leave out 203.0.113.64/26 (service tags, change 7).',
    });
    expect(subjectOf([deny(['203.0.113.128/25']), tag], monitor)).toMatchObject({ verdict: 'covered' });
    expect(subjectOf([deny(['198.51.100.0/24', '203.0.113.0/24']), tag], monitor).verdict).toBe('denied');
  });

  test('a deny of another tag cuts what both hold', () => {
    const rules = [deny(['AzureCloud']), allow(['AzureMonitor'])];
    expect(subjectOf(rules, monitor)).toMatchObject({
      verdict: 'partial',
      leftOut: 'Of AzureMonitor, the rules leave out 198.51.100.64/26 (service tags, change 7).',
    });
  });

  test('IPv6 blocks of the tag are not asked for, since the firewall filters IPv4', () => {
    expect(subjectOf([allow(['198.51.100.64/26', '203.0.113.64/26'])], monitor).verdict).toBe('covered');
  });

  test('sources with IPv6 addresses leave the tag a name, so that nothing is claimed of its addresses', () => {
    const options = { ...OPTIONS, from: '2001:db8:aaaa::/64' };
    expect(subjectOf([allow(['198.51.100.64/26', '203.0.113.64/26'])], monitor, options).verdict).not.toBe(
      'covered',
    );
    expect(subjectOf([allow(['AzureMonitor'])], monitor, options).verdict).toBe('covered');
  });

  test('a tag that the list does not have stays one, equal to itself and open towards addresses', () => {
    const unlisted = row('core/x', ['Sql'], { protocol: 'TCP' });
    expect(subjectOf([allow(['Sql'])], unlisted).verdict).toBe('covered');
    expect(subjectOf([deny(['203.0.113.0/24']), allow(['Sql'])], unlisted)).toMatchObject({
      verdict: 'unknown',
      doubt: 'address-deny',
    });
  });

  test('a tag of a rule that the list does not have is open only as far as it was without the list', () => {
    const unlisted = [allow(['Sql'])];
    expect(subjectOf(unlisted, monitor).verdict).toBe('missing');
    const symbol = [allow(['AzureMonitor.⟦region⟧'], { name: 'regional' })];
    const without = { from: OPTIONS.from, region: 'westeurope' };
    expect(subjectOf(symbol, monitor).verdict).toBe(subjectOf(symbol, monitor, without).verdict);
    const open = [allow(['AzureCloud.⟦region⟧'], { services: ['UDP 1194'] })];
    expect(subjectOf(open, tunnel)).toMatchObject({ verdict: 'unknown', doubt: 'unresolved' });
  });

  test('a tag of IPv6 alone stays one too', () => {
    const v6 = row('core/x', ['V6Only'], { protocol: 'TCP' });
    expect(subjectOf([], v6).verdict).toBe('missing');
    expect(subjectOf([allow(['V6Only'])], v6).verdict).toBe('covered');
  });

  test('many blocks are shortened', () => {
    const single = Array.from({ length: 64 }, (_, at) => `198.51.100.${64 + at}`).filter(
      (_, at) => at % 2 === 0,
    );
    expect(subjectOf([allow([...single, '203.0.113.64/26'])], monitor).leftOut).toBe(
      'Of AzureMonitor, the rules leave out 198.51.100.65/32, 198.51.100.67/32, 198.51.100.69/32, 198.51.100.71/32, 198.51.100.73/32 and 27 more (service tags, change 7).',
    );
  });
});

describe('the region of the API server', () => {
  const udp = { services: ['UDP 1194'] };

  test('its addresses written by hand are as good as its tag', () => {
    expect(subjectOf([allow(['192.0.2.0/25', '198.51.100.0/26'], udp)], tunnel).verdict).toBe('covered');
  });

  test('some of them are a part, though the one address may be among them', () => {
    expect(subjectOf([allow(['192.0.2.0/25'], udp)], tunnel)).toMatchObject({
      verdict: 'partial',
      leftOut: 'Of AzureCloud.westeurope, the rules leave out 198.51.100.0/26 (service tags, change 7).',
    });
  });

  test('which of them are left out is said too where every destination would be enough', () => {
    const alternatives = ['*', 'AzureCloud.westeurope', '<region-cidrs>', '<api-server-ip>'];
    const any = row('core/tunnel', alternatives, { protocol: 'UDP', port: 1194, mode: 'any' });
    expect(subjectOf([allow(['192.0.2.0/25'], udp)], any)).toMatchObject({
      verdict: 'partial',
      destination: 'AzureCloud.westeurope',
      leftOut: 'Of AzureCloud.westeurope, the rules leave out 198.51.100.0/26 (service tags, change 7).',
    });
    expect(subjectOf([allow(['0.0.0.0/0'], udp)], any)).toMatchObject({
      verdict: 'covered',
      destination: '*',
    });
    const [entry] = subjects(judgedWith([allow(['0.0.0.0/0'], udp)], [any]), 'entry');
    expect(entry?.facts).toMatchObject({ usage: 'required', destinationBreadth: 'exact' });
  });

  test('an address in it on another port is no attempt at the API server', () => {
    const rules = [allow(['192.0.2.7'], { services: ['TCP 1433'] })];
    expect(subjectOf(rules, server)).toMatchObject({ verdict: 'missing', nearMiss: '' });
  });

  test('tags of other services that are there say nothing of the API server', () => {
    const named = row('core/api-server', ['*.hcp.westeurope.azmk8s.io']);
    const hcp = { '*.hcp.westeurope.azmk8s.io': ['azurecloud'] };
    const options = { ...OPTIONS, knowledgeOf: knowledgeWith(LIST, hcp) };
    const storage = ['Storage.WestEurope'];
    expect(subjectOf([allow(storage)], server).verdict).toBe('missing');
    expect(subjectOf([deny(storage), allow(['AzureCloud'])], server).verdict).toBe('covered');
    expect(subjectOf([allow(storage)], named, options).verdict).toBe('missing');
    const byName = applicationRule('allow', { to: ['*.hcp.westeurope.azmk8s.io'] });
    expect(subjectOf([deny(storage), byName], named, options).verdict).toBe('covered');
    expect(subjectOf([deny(['192.0.2.64/27']), byName], named, options)).toMatchObject({
      verdict: 'unknown',
      doubt: 'address-deny',
    });
  });

  test('for the API server alone, whether its address is among some of them is not known', () => {
    const rows = [tunnel, server];
    const judge = (to: readonly string[]) =>
      subjects(judgedWith([allow(to)], rows), 'requirement').find(
        ({ requirement }) => requirement === server.id,
      );
    expect(judge(['192.0.2.0/25'])?.facts).toMatchObject({ verdict: 'unknown', doubt: 'address-allow' });
    expect(judge(['192.0.2.0/25'])?.data['leftOut']).toContain('leave out 198.51.100.0/26');
    expect(judge(['192.0.2.0/24', '198.51.100.0/24'])?.facts).toMatchObject({ verdict: 'covered' });
    expect(judge(['203.0.113.0/24'])?.facts).toMatchObject({ verdict: 'missing' });
  });
});

describe('names behind service tags', () => {
  test('the addresses of all tags that hold the name are enough', () => {
    expect(subjectOf([allow(['192.0.2.128/25', '203.0.113.0/27'])], mcr)).toMatchObject({
      verdict: 'covered',
      how: 'address',
    });
  });

  test('those of one of the tags leave it open, and say what is left out', () => {
    expect(subjectOf([allow(['192.0.2.128/25'])], mcr)).toMatchObject({
      verdict: 'unknown',
      doubt: 'address-allow',
      leftOut:
        'Of MicrosoftContainerRegistry and AzureFrontDoor.FirstParty, in which it is, the rules leave out 203.0.113.0/27 (service tags, change 7).',
    });
  });

  test('addresses of nothing that holds it are none of it', () => {
    expect(subjectOf([allow(['198.51.100.0/24'])], mcr)).toMatchObject({ verdict: 'missing' });
    const byName = applicationRule('allow', { to: ['mcr.microsoft.com'] });
    expect(subjectOf([deny(['198.51.100.0/24']), byName], mcr)).toMatchObject({ verdict: 'covered' });
  });

  test('a deny of some of its addresses before the rule by name may hit it', () => {
    const byName = applicationRule('allow', { to: ['mcr.microsoft.com'] });
    expect(subjectOf([deny(['203.0.113.0/24']), byName], mcr)).toMatchObject({
      verdict: 'unknown',
      doubt: 'address-deny',
      rule: "'deny'",
    });
    expect(subjectOf([deny(['192.0.2.0/24', '203.0.113.0/24']), byName], mcr).verdict).toBe('denied');
  });

  test('address rules and rules by name add up', () => {
    const rules = [allow(['192.0.2.128/25']), applicationRule('allow', { to: ['*.microsoft.com'] })];
    expect(subjectOf(rules, mcr).verdict).toBe('covered');
  });

  test('AzureCloud holds a tag where all of its addresses are there', () => {
    expect(subjectOf([allow(['AzureCloud'])], arm).verdict).toBe('covered');
    // AzureFrontDoor.FirstParty is not in AzureCloud.
    expect(subjectOf([allow(['AzureCloud'])], mcr)).toMatchObject({
      verdict: 'unknown',
      doubt: 'address-allow',
    });
    expect(subjectOf([allow(['AzureCloud.westeurope'])], arm).verdict).toBe('missing');
  });

  test('a name that the configuration says to be private is behind no tag', () => {
    const options: typeof OPTIONS = {
      ...OPTIONS,
      knowledgeOf: (rows) => ({ ...knowledgeWith(LIST)(rows), isPrivateName: () => true }),
    };
    expect(subjectOf([allow(['10.1.0.0/16'])], mcr, options)).toMatchObject({
      verdict: 'unknown',
      doubt: 'address-allow',
      leftOut: '',
    });
    expect(subjectOf([allow(['192.0.2.128/25', '203.0.113.0/27'])], mcr, options).verdict).not.toBe(
      'covered',
    );
  });

  test('what the user accepts by address stays accepted', () => {
    const options = { ...OPTIONS, acceptAddressFor: ['mcr.microsoft.com'] };
    expect(subjectOf([allow(['192.0.2.128/25'])], mcr, options).verdict).toBe('covered');
    expect(subjectOf([allow(['198.51.100.0/24'])], mcr, options).verdict).toBe('missing');
  });
});

describe('entries by address', () => {
  test('inside a needed tag are required, beside it unneeded', () => {
    const result = judgedWith([allow(['198.51.100.64/26', '192.0.2.7'])], [monitor]);
    expect(factsFor(result, 'entry', '198.51.100.64/26')).toMatchObject({
      usage: 'required',
      destinationBreadth: 'exact',
    });
    expect(factsFor(result, 'entry', '192.0.2.7')).toMatchObject({ usage: 'unneeded' });
  });

  test('wider than a needed tag reach further, by what no tag holds', () => {
    const result = judgedWith([allow(['203.0.113.0/25'])], [monitor]);
    const [entry] = subjects(result, 'entry');
    expect(entry?.facts).toMatchObject({ usage: 'required', destinationBreadth: 'wider' });
    expect(entry?.data['excess']).toBe('203.0.113.0/26, which no tag for it holds');
  });

  test('among those of a tag that the tag does not hold are stale', () => {
    const to = ['198.51.100.64/26', '203.0.113.64/26', '198.51.100.0/26'];
    const stale = subjects(judgedWith([allow(to)], [monitor]), 'entry').filter(
      ({ facts }) => facts.endpoint === 'stale',
    );
    expect(stale.map(({ data }) => [data['destination'], data['belongs'], data['evidence']])).toEqual([
      ['198.51.100.0/26', 'AzureMonitor', 'No address of it is in AzureMonitor (service tags, change 7).'],
    ]);
  });

  test('most of which are of no tag are not stale, but unneeded', () => {
    const to = ['198.51.100.64/26', '192.0.2.1', '192.0.2.2', '192.0.2.3'];
    const result = judgedWith([allow(to)], [monitor]);
    expect(factsFor(result, 'entry', '192.0.2.1')).toMatchObject({ usage: 'unneeded', endpoint: 'ok' });
  });

  test('half of which are of no tag are not stale, nor beside single servers of the region', () => {
    const half = judgedWith([allow(['198.51.100.64/26', '192.0.2.1'])], [monitor]);
    expect(factsFor(half, 'entry', '192.0.2.1').endpoint).toBe('ok');
    const servers = judgedWith([allow(['192.0.2.1', '192.0.2.2', '203.0.113.200'])], [tunnel, server]);
    expect(factsFor(servers, 'entry', '203.0.113.200')).toMatchObject({ usage: 'unneeded', endpoint: 'ok' });
    const blocks = judgedWith([allow(['192.0.2.0/26', '192.0.2.64/26', '203.0.113.200'])], [tunnel, server]);
    expect(factsFor(blocks, 'entry', '203.0.113.200')).toMatchObject({
      usage: 'unneeded',
      endpoint: 'stale',
    });
  });

  test('private ones are neither', () => {
    const result = judgedWith([allow(['198.51.100.64/26', '10.1.0.0/16'])], [monitor]);
    expect(factsFor(result, 'entry', '10.1.0.0/16')).toMatchObject({ usage: 'declared', endpoint: 'ok' });
  });

  test('inside a tag of the same rule change nothing, and a tag inside another one neither', () => {
    const rules = [allow(['AzureMonitor', '203.0.113.64/27'])];
    expect(factsFor(judgedWith(rules, [monitor]), 'entry', '203.0.113.64/27').usage).toBe('redundant');
    const tags = [allow(['AzureCloud.westeurope']), allow(['Storage.WestEurope'], { name: 'later' })];
    expect(factsFor(judgedWith(tags, [monitor]), 'entry', 'Storage.WestEurope').usage).toBe('redundant');
  });

  test('never make a tag redundant, which changes from week to week', () => {
    const rules = [allow(['198.51.100.64/26', '203.0.113.64/26']), allow(['AzureMonitor'], { name: 'tag' })];
    expect(factsFor(judgedWith(rules, [monitor]), 'entry', 'AzureMonitor').usage).toBe('required');
  });
});

describe('a tag whose region the list spells otherwise', () => {
  test.each([
    ['AzureCloud.FranceCentral', 'AzureCloud.centralfrance'],
    ['azurecloud.westeurop', 'AzureCloud.westeurope'],
    ['Storage.Westeuropa', 'Storage.WestEurope'],
    ['Storage.NorthEurope', undefined],
    ['AzureCloud.westeurope2', undefined],
    ['Sql.westeurop', undefined],
    ['AzureCloud.westeurope', undefined],
    ['AzureCloud', undefined],
    ['AzureCloud.moonbase1', undefined],
  ])('%s was meant to be %s', (written, meant) => {
    expect(meantTag(written, LIST)).toBe(meant);
  });

  test('matches nothing, and the entry says what was meant', () => {
    const rules = [allow(['AzureCloud.FranceCentral'], { services: ['UDP 1194'] })];
    const options: Partial<JudgeOptions> & { from: string } = {
      ...OPTIONS,
      knowledgeOf: (rows) => ({
        ...knowledgeWith(LIST)(rows),
        isServiceTag: (tag) => meantTag(tag, LIST) === undefined,
      }),
      endpoints: {
        ...ENDPOINTS,
        isNoServiceTag: (tag) => meantTag(tag, LIST) !== undefined,
        meantServiceTag: (tag) => meantTag(tag, LIST),
      },
    };
    const result = judgedWith(rules, [tunnel], options);
    expect(subjects(result, 'requirement')[0]?.facts.verdict).toBe('missing');
    const [entry] = subjects(result, 'entry');
    expect(entry?.facts.form).toBe('unknown-tag');
    expect(entry?.data['instead']).toBe("'AzureCloud.centralfrance'");
  });
});
