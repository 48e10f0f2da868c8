import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { applicationRule, policyWith, useFolder } from './folder.ts';

const folder = useFolder();

async function destinations(names?: readonly string[]): Promise<string[]> {
  const { policies } = await folder.parse(names);
  return policies.flatMap(({ rules }) => rules.flatMap((rule) => rule.destinations.map(({ text }) => text)));
}

describe('symbolic links', () => {
  let elsewhere = '';
  beforeEach(() => {
    elsewhere = mkdtempSync(join(tmpdir(), 'aks-egress-lint-elsewhere-'));
  });
  afterEach(() => {
    rmSync(elsewhere, { recursive: true, force: true });
  });

  it('to files of the same repository are those files', async () => {
    folder.write('shared/variables.tf', 'variable "fqdns" {\n  type = list(string)\n}\n');
    folder.write('shared/values', 'fqdns = ["mcr.microsoft.com"]\n');
    folder.write('dev/main.tf', policyWith(applicationRule('destination_fqdns = var.fqdns')));
    symlinkSync('../shared/variables.tf', join(folder.path(), 'dev/variables.tf'));
    symlinkSync('../shared/values', join(folder.path(), 'dev/terraform.tfvars'));
    expect(await destinations(['dev'])).toEqual(['mcr.microsoft.com']);
  });

  it.each(['rules.tf', 'terraform.tfvars', 'x.auto.tfvars.json'])(
    'that lead out of the repository are refused: %s',
    async (name) => {
      writeFileSync(join(elsewhere, 'file'), 'x = 1\n');
      folder.write('main.tf', policyWith(applicationRule('destination_fqdns = ["mcr.microsoft.com"]')));
      symlinkSync(join(elsewhere, 'file'), join(folder.path(), name));
      const error: unknown = await folder.parse().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(InputError);
      expect(String(error)).toContain('symbolic link that leads out of the repository');
      expect((error as InputError).path).toBe(name);
    },
  );
});

describe('an override of a variable', () => {
  it('keeps the type that it does not give', async () => {
    const type = 'list(object({ fqdn = optional(string, "mcr.microsoft.com") }))';
    folder.write('variables.tf', `variable "rules" {\n  type = ${type}\n}\n`);
    folder.write('override.tf', 'variable "rules" {\n  default = [{}]\n}\n');
    folder.write('main.tf', policyWith(applicationRule('destination_fqdns = var.rules[*].fqdn')));
    expect(await destinations()).toEqual(['mcr.microsoft.com']);
  });
});
