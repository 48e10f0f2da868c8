import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../src/reporters/report.ts';
import { applicationRule, collection, groupResource, policyResource, template } from '../parsers/inputs.ts';
import { runIn } from './io.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aks-egress-lint-region-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function report(rule: object, ...argv: string[]): Promise<Report> {
  const group = groupResource('hub/g', 200, [collection('c', 100, 'Allow', [rule])]);
  const text = JSON.stringify(template([policyResource('hub'), group]));
  writeFileSync(join(folder, 'policy.json'), text);
  const { stdout } = await runIn({ cwd: folder }, 'policy.json', '--format', 'json', '--no-config', ...argv);
  return JSON.parse(stdout) as Report;
}

describe('the region of a run', () => {
  it('is in its profile with the place that shows it, where no flag names it', async () => {
    const rule = applicationRule('r', {
      sourceAddresses: ['10.240.0.0/22'],
      targetFqdns: ['mcr.microsoft.com', '*.hcp.westeurope.azmk8s.io'],
    });
    const inferred = await report(rule);
    expect(inferred.runs[0]?.profile['region']).toEqual({
      value: 'westeurope',
      from: 'inferred',
      path: 'policy.json',
      pointer: '/resources/1/properties/ruleCollections/0/rules/0/targetFqdns/1',
    });
    const given = await report(rule, '--region', 'westeurope');
    expect(given.runs[0]?.profile['region']).toEqual({ value: 'westeurope', from: 'flag' });
  });
});
