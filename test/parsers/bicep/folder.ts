import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { bicepFor, type BicepFlags } from '../../../src/commands/bicep.ts';
import { readInputs, readNamedFile } from '../../../src/commands/inputs.ts';
import { InputError } from '../../../src/errors.ts';
import type { Cloud } from '../../../src/model/policy.ts';
import { parseInputs, type Parsed } from '../../../src/parsers/index.ts';

export interface ParseRequest {
  /** Relative to the folder; the folder itself by default. */
  readonly names?: readonly string[];
  readonly parameters?: readonly string[];
  readonly cloud?: Cloud;
  readonly flags?: Partial<BicepFlags>;
}

export interface Folder {
  readonly path: () => string;
  readonly write: (path: string, content: string | Uint8Array) => void;
  readonly parse: (request?: ParseRequest) => Promise<Parsed>;
  /** The error that a named main.bicep, or what is named, is refused with. */
  readonly failure: (request?: ParseRequest) => Promise<InputError>;
}

/** A repository of its own for each test. */
export function useFolder(): Folder {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'aks-egress-lint-bicep-'));
    mkdirSync(join(root, '.git'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const parse: Folder['parse'] = async ({ names = ['.'], parameters = [], cloud, flags } = {}) => {
    const output = { isTerminal: false, columns: 0, write: () => undefined };
    const io = {
      ...{ cwd: root, env: {}, today: '2026-01-31', stdout: output, stderr: output },
      readStdin: () => new Uint8Array(),
    };
    const { files, folders } = readInputs(names, io);
    const given = parameters.map((path) => readNamedFile(path, io));
    const bicep = await bicepFor([...files, ...given], { folders, reader: 'source', ...flags }, io);
    return parseInputs(files, { cloud: cloud ?? 'AzureCloud', parameters: given, basePolicies: [], bicep });
  };
  return {
    path: () => root,
    write: (path, content) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    },
    parse,
    failure: async (request = { names: ['main.bicep'] }) => {
      const error: unknown = await parse(request).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof InputError)) throw new Error(`no InputError but ${String(error)}`);
      return error;
    },
  };
}

/** A policy with one application rule, whose names are an expression. */
export function policyWith(names: string, rest = ''): string {
  return `${rest}
resource policy 'Microsoft.Network/firewallPolicies@2024-05-01' = {
  name: 'hub'
  location: 'westeurope'
}

resource group 'Microsoft.Network/firewallPolicies/ruleCollectionGroups@2024-05-01' = {
  parent: policy
  name: 'aks'
  properties: {
    priority: 200
    ruleCollections: [
      {
        ruleCollectionType: 'FirewallPolicyFilterRuleCollection'
        name: 'names'
        priority: 300
        action: { type: 'Allow' }
        rules: [
          {
            ruleType: 'ApplicationRule'
            name: 'rule'
            sourceAddresses: [ '10.0.0.0/16' ]
            protocols: [ { protocolType: 'Https', port: 443 } ]
            targetFqdns: ${names}
          }
        ]
      }
    ]
  }
}
`;
}

/** A rule collection group with one application rule per name. */
export function ruleFor(name: string): string {
  return `{
    ruleType: 'ApplicationRule'
    name: 'rule'
    sourceAddresses: [ '10.0.0.0/16' ]
    protocols: [ { protocolType: 'Https', port: 443 } ]
    targetFqdns: [ ${name} ]
  }`;
}

/** What the rules of all policies let out, as written or as messages show it. */
export function destinations({ policies }: Parsed): string[] {
  return policies.flatMap(({ rules }) =>
    rules.flatMap((rule) => (rule.opaque === undefined ? rule.destinations.map(({ text }) => text) : ['?'])),
  );
}

/** Why something is not known. */
export function reasons({ policies }: Parsed): string[] {
  return [...new Set(policies.flatMap(({ unknowns }) => unknowns.map(({ reason }) => reason)))];
}
