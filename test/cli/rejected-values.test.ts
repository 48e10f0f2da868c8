import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../src/reporters/report.ts';
import { runIn, type Outcome } from '../commands/io.ts';
import {
  applicationRule,
  collection,
  groupResource,
  networkRule,
  policyResource,
  template,
} from '../parsers/inputs.ts';

/** What Azure would reject, or what the reader had to guess, is said with its line; it never passes in silence. */
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aks-egress-lint-rejected-'));
  mkdirSync(join(root, '.git'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function policyText(...rules: readonly object[]): string {
  const group = groupResource('hub/g', 200, [collection('c', 100, 'Allow', rules)]);
  return JSON.stringify(template([policyResource('hub'), group]), null, 2);
}

async function lint(text: string, ...argv: string[]): Promise<Outcome> {
  writeFileSync(join(root, 'policy.json'), text);
  return runIn({ cwd: root }, 'policy.json', ...argv);
}

async function report(text: string, ...argv: string[]): Promise<{ code: number; report: Report }> {
  const { code, stdout } = await lint(text, ...argv, '--format', 'json');
  return { code, report: JSON.parse(stdout) as Report };
}

/** The line of a text, one-based. */
function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

const CLUSTER = { sourceAddresses: ['10.240.0.0/22'] };

describe('a value that Azure does not accept', () => {
  it.each([
    ['a reversed range of ports', networkRule('r', { destinationPorts: ['500-400'] }), '"500-400"'],
    ['a port above 65535', networkRule('r', { destinationPorts: ['70000'] }), '"70000"'],
    ['a protocol', networkRule('r', { ipProtocols: ['SCTP'] }), '"SCTP"'],
    ['a source address', networkRule('r', { sourceAddresses: ['10.1.2.300'] }), '"10.1.2.300"'],
    ['a prefix length', applicationRule('r', { sourceAddresses: ['10.240.0.0/33'] }), '"10.240.0.0/33"'],
  ])('is an error at its line: %s', async (_, rule, token) => {
    for (const rules of [[rule], [applicationRule('aks', CLUSTER), rule]]) {
      const text = policyText(...rules);
      const { code, report: found } = await report(text);
      expect(code).toBe(1);
      const [finding, ...others] = found.findings.filter(({ check }) => check === 'invalid-rule');
      expect(others).toEqual([]);
      expect(finding).toMatchObject({ level: 'error', location: { startLine: lineOf(text, token) } });
      expect(finding?.message).toContain(token.slice(1, -1));
      expect(found.notices.filter((notice) => notice.includes(token))).toEqual([]);
    }
  });

  it('is said once where it is a destination of a rule for the cluster', async () => {
    const text = policyText(networkRule('r', { ...CLUSTER, destinationAddresses: ['10.1.2.300'] }));
    const { report: found } = await report(text, '--source', '10.240.0.0/22');
    const checks = found.findings.map(({ check }) => check).filter((check) => check.startsWith('invalid'));
    expect(checks).toEqual(['invalid-address']);
  });

  it('leaves an entry without any service, and the message says so', async () => {
    const text = policyText(networkRule('r', { ...CLUSTER, destinationPorts: ['500-400'] }));
    const { stdout } = await lint(text, '--source', '10.240.0.0/22', '--format', 'json');
    expect(stdout).not.toContain(' on in rule ');
  });
});

describe('what the reader tolerates', () => {
  it('is named with its line', async () => {
    const text = policyText(applicationRule('r', { ...CLUSTER, protocols: [] }));
    const { report: found } = await report(text);
    const line = lineOf(text, '"r"');
    expect(found.notices).toContainEqual(
      expect.stringMatching(
        new RegExp(`^policy\\.json:${line}:\\d+: this application rule has no protocols`),
      ),
    );
  });

  it('is a key that is there twice, of which the last one counts', async () => {
    const text = policyText(applicationRule('r', CLUSTER)).replace(
      '"targetFqdns"',
      '"targetFqdns": ["*"],\n"targetFqdns"',
    );
    const { report: found } = await report(text);
    const line = text.slice(0, text.lastIndexOf('"targetFqdns"')).split('\n').length;
    expect(found.notices).toContainEqual(
      expect.stringContaining(`policy.json: line ${line} has 'targetFqdns' a second time`),
    );
    expect(found.findings.some(({ check }) => check === 'broad-destination')).toBe(false);
  });

  it('is an expression that is none, with what is wrong in it', async () => {
    const text = policyText(applicationRule('r', { ...CLUSTER, targetFqdns: ["[concat('a']"] }));
    const { report: found } = await report(text);
    const line = lineOf(text, '"[concat');
    expect(found.notices).toContainEqual(
      expect.stringMatching(
        new RegExp(`^policy\\.json:${line}:\\d+: the expression has the end at character 12`),
      ),
    );
    const [finding] = found.findings;
    expect(finding?.check).toBe('no-cluster-sources');
    expect(finding?.message).toContain('no rule that can be read is for an AKS endpoint (the expression has');
  });
});
