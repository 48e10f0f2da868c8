import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FORMATS } from '../../scripts/formats/index.js';
import type { PolicyFormat } from '../../src/model/format.ts';
import type { Finding, Report } from '../../src/reporters/report.ts';
import { Repository } from '../cli/repository.ts';

/** What each format that a parser yields has to show. A format that is missing here does not compile. */
interface Proof {
  /** Files of one policy in the format, and the same policy as a template. */
  readonly files: readonly [string, ...string[]];
  readonly template: readonly [string, ...string[]];
  /** A comment in the format. */
  readonly comment: (text: string) => string;
  /** The entry of scripts/formats by which the pages of checks show it; null where programs alone write it. */
  readonly shownAs: string | null;
}

const json = (text: string): string => `/* ${text} */`;
const hash = (text: string): string => `# ${text}`;
const EXPORTS = 'fixtures/azure-firewall';
const TERRAFORM = 'fixtures/terraform/equivalent';
const template = [`${EXPORTS}/portal-export/template.json`, `${EXPORTS}/rest/ip-group.json`] as const;

const exported = (...files: readonly [string, ...string[]]): Proof => {
  const [first, ...others] = files;
  return {
    files: [`${EXPORTS}/${first}`, ...others.map((name) => `${EXPORTS}/${name}`)],
    template,
    comment: json,
    shownAs: null,
  };
};
const terraform = (name: string, more: Partial<Proof>): Proof => ({
  files: [`${TERRAFORM}/${name}`],
  template: [`${TERRAFORM}/template.json`],
  comment: json,
  shownAs: null,
  ...more,
});

const PROOFS: Readonly<Record<PolicyFormat, Proof>> = {
  'arm-template': { files: template, template, comment: json, shownAs: 'arm-template' },
  bicep: {
    files: ['fixtures/bicep/equivalent/main.bicep'],
    template: [`${TERRAFORM}/template.json`],
    comment: (text) => `/* ${text} */`,
    shownAs: 'bicep',
  },
  'arm-resource': exported('rest/policy.json', 'rest/rule-collection-group.json', 'rest/ip-group.json'),
  'rest-list': exported('rest/policy.json', 'rest/rule-collection-groups.json', 'rest/ip-group.json'),
  'resource-graph': exported('resource-graph/rows.json'),
  'az-cli': exported(
    'az-cli/policy-show.json',
    'az-cli/rule-collection-group-list.json',
    'az-cli/ip-group-show.json',
  ),
  powershell: exported(
    'powershell/policy.json',
    'powershell/rule-collection-group.json',
    'powershell/ip-group.json',
  ),
  'what-if': exported('what-if/changes.json'),
  'azure-snapshot': exported('snapshot/snapshot.json'),
  terraform: terraform('source/main.tf', { comment: hash, shownAs: 'terraform' }),
  'terraform-state': terraform('terraform.tfstate', {}),
  'terraform-plan': terraform('plan.json', {}),
};

let repository: Repository;
beforeEach(() => {
  repository = new Repository();
});
afterEach(() => {
  repository.remove();
});

function copy(files: readonly string[]): void {
  for (const name of files) {
    mkdirSync(dirname(join(repository.root, name)), { recursive: true });
    repository.write(name, readFileSync(name, 'utf8'));
  }
}

function lint(files: readonly string[]): Promise<Report> {
  return repository.report(...files, '--region', 'westeurope');
}

/** Everything of a finding but where it is. */
function meaning({ findings }: Report): object[] {
  return findings
    .map(({ check, level, message, requirement, entry }) => ({ check, level, message, requirement, entry }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

describe.each(Object.entries(PROOFS))('the format %s', (format, { files, template: same, comment }) => {
  it('has the findings of the template', async () => {
    copy([...files, ...same]);
    const report = await lint(files);
    expect(report.inputs.map((input) => input.format)).toContain(format);
    expect(report.findings.length).toBeGreaterThan(2);
    expect(meaning(report)).toEqual(meaning(await lint(same)));
  });

  it('has comments in which a finding is suppressed where it stands', async () => {
    copy(files);
    const found = (await lint(files)).findings.find(({ entry }) => entry !== null);
    if (found === undefined) throw new Error('no finding about an entry');
    const ignore = `aks-egress-lint-ignore ${found.check} -- known`;
    repository.write(found.location.path, withLineBefore(found, comment(ignore)));
    const again = await lint(files);
    const same = again.findings.find(
      ({ check, message }) => check === found.check && message === found.message,
    );
    expect(same?.suppressed).toBe(true);
  });
});

function withLineBefore({ location }: Finding, line: string): string {
  const lines = repository.read(location.path).split('\n');
  const at = location.startLine - 1;
  const column = location.startColumn - 1;
  const old = lines[at] ?? '';
  lines.splice(at, 1, old.slice(0, column), line, old.slice(column));
  return lines.join('\n');
}

it('the pages of the checks show examples in each format that people write, and in no other', () => {
  const written = Object.values(PROOFS).flatMap(({ shownAs }) => shownAs ?? []);
  expect(FORMATS.map(({ id }) => id).sort()).toEqual(written.sort());
});
