import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Flow } from '../../../src/coverage/flow.ts';
import { indexRules } from '../../../src/coverage/rule-index.ts';
import { outcomeOf, walk, type Cell } from '../../../src/coverage/walk.ts';
import { ipContains, ipSetOf } from '../../../src/model/ip-space.ts';
import { nameIntersect } from '../../../src/model/name.ts';
import type { Policy } from '../../../src/model/policy.ts';
import { NOTHING_SAID, type ApplianceReading } from '../../../src/parsers/appliance/reading.ts';
import { readCheckPoint } from '../../../src/parsers/checkpoint/index.ts';
import { readAsa } from '../../../src/parsers/cisco-asa/index.ts';
import { readFortios } from '../../../src/parsers/fortios/index.ts';
import { readPanos } from '../../../src/parsers/panos/index.ts';
import {
  asaText,
  checkPointText,
  deviceLayers,
  deviceRules,
  everyPacket,
  fortiosText,
  NAMES,
  number,
  panosText,
  simulateDevice,
  type DeviceLayer,
  type DevicePacket,
} from '../../oracle/appliance.ts';
import { KNOWLEDGE } from '../../coverage/judge.ts';

/** Set both to search further, as for test/coverage/oracle.property.test.ts. */
const seed = Number(process.env['ORACLE_SEED'] ?? 20_261_126);
const numRuns = Number(process.env['ORACLE_RUNS'] ?? 150);

const PACKETS = everyPacket();
const NODES = { version: 4, from: number('10.9.0.0'), to: number('10.9.3.255') } as const;
const SOURCES = { ip: ipSetOf([NODES]), symbols: [] };
const INSIDE = { version: 4, from: number('10.0.0.0'), to: number('10.255.255.255') } as const;

/** A flow from all nodes on all ports, to one name or to every private address. */
function flowsOf(protocol: 'TCP' | 'UDP'): Flow[] {
  const common = { sources: SOURCES, protocol, ports: [[0, 65_536]] } as const;
  return [
    ...NAMES.map((pattern): Flow => ({
      ...common,
      destination: { kind: 'name', pattern, standsForHosts: false },
    })),
    { ...common, destination: { kind: 'address', set: ipSetOf([INSIDE]), everyPart: true } },
  ];
}

function isIn({ part }: Cell, { source, destination, port }: DevicePacket): boolean {
  const one = (address: number): ReturnType<typeof ipSetOf> =>
    ipSetOf([{ version: 4, from: address, to: address }]);
  const target = part.destination;
  const isThere =
    typeof destination === 'number'
      ? target.kind === 'address' && ipContains(target.set, one(destination))
      : target.kind === 'name' && nameIntersect(target.set, destination) !== undefined;
  const isOnPort = part.ports.some(([from, end]) => from <= port && port < end);
  return isThere && isOnPort && ipContains(part.sources.ip, one(source));
}

/** Packets of which the walk and the device say different things. */
function disagreements(policy: Policy, layers: readonly DeviceLayer[]): string[] {
  const index = indexRules(policy, SOURCES);
  const cells = (['TCP', 'UDP'] as const).flatMap((protocol) =>
    flowsOf(protocol).map((flow) => ({ flow, walked: walk(index, flow, KNOWLEDGE) })),
  );
  return PACKETS.flatMap((packet) => {
    const found = cells.find(
      ({ flow }) =>
        flow.protocol === packet.protocol &&
        (flow.destination.kind === 'name'
          ? flow.destination.pattern === packet.destination
          : typeof packet.destination === 'number'),
    );
    const own = found?.walked.filter((cell) => isIn(cell, packet)) ?? [];
    const said = own.length === 1 && own[0] !== undefined ? outcomeOf(own[0]) : `in ${own.length} cells`;
    const expected = simulateDevice(layers, packet);
    return said === expected
      ? []
      : [`${JSON.stringify(packet)}: the walk says ${said}, the device ${expected}`];
  });
}

function only({ policies, notes }: ApplianceReading): Policy {
  expect(notes).toEqual([]);
  expect(policies).toHaveLength(1);
  const [policy] = policies;
  if (policy === undefined) throw new Error('no policy');
  return policy;
}

describe('the walk through the rules of a device and the device itself', () => {
  it('agree for PAN-OS: order, default, negation and rules that are disabled', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(deviceRules, (rules) => {
        const policy = only(readPanos([{ path: 'fw.xml', text: panosText([rules]) }], NOTHING_SAID));
        expect(disagreements(policy, [{ rules, otherwise: 'deny' }])).toEqual([]);
      }),
      { seed, numRuns },
    );
  });

  it("agree for Panorama: the order of the device groups' rulebases", { timeout: 120_000 }, () => {
    const six = fc.tuple(deviceRules, deviceRules, deviceRules, deviceRules, deviceRules, deviceRules);
    fc.assert(
      fc.property(six, (parts) => {
        const rulebases = parts.map((rules) => rules.slice(0, 2));
        const policy = only(readPanos([{ path: 'p.xml', text: panosText(rulebases) }], NOTHING_SAID));
        expect(disagreements(policy, [{ rules: rulebases.flat(), otherwise: 'deny' }])).toEqual([]);
      }),
      { seed, numRuns },
    );
  });

  it(
    'agree for FortiGate: order by position, default, negation and rules that are disabled',
    { timeout: 120_000 },
    () => {
      fc.assert(
        fc.property(deviceRules, (rules) => {
          const policy = only(readFortios([{ path: 'fw.conf', text: fortiosText(rules) }], NOTHING_SAID));
          expect(disagreements(policy, [{ rules, otherwise: 'deny' }])).toEqual([]);
        }),
        { seed, numRuns },
      );
    },
  );

  it(
    'agree for Check Point: ordered and inline layers with their cleanups, negation and rules that are disabled',
    { timeout: 120_000 },
    () => {
      fc.assert(
        fc.property(deviceLayers, (layers) => {
          const policy = only(
            readCheckPoint([{ path: 'cp.json', text: checkPointText(layers) }], NOTHING_SAID),
          );
          expect(disagreements(policy, layers)).toEqual([]);
        }),
        { seed, numRuns },
      );
    },
  );

  it('agree for Cisco ASA: order, default and entries that are inactive', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(deviceRules, (drawn) => {
        const rules = drawn.map((rule) => ({ ...rule, negatesSource: false, negatesDestination: false }));
        const policy = only(readAsa([{ path: 'asa.cfg', text: asaText(rules) }], NOTHING_SAID));
        expect(disagreements(policy, [{ rules, otherwise: 'deny' }])).toEqual([]);
      }),
      { seed, numRuns },
    );
  });
});
