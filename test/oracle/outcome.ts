import { outcomeOf, walk } from '../../src/coverage/walk.ts';
import { indexRules } from '../../src/coverage/rule-index.ts';
import { parseIpRange } from '../../src/model/address.ts';
import type { Policy } from '../../src/model/policy.ts';
import { flowOf, knowledgeOf } from './compare.ts';
import type { FlowSpec } from './sample.ts';
import type { Facts } from './simulator.ts';

export interface FlowText {
  /** Addresses, blocks, ranges and symbols. Default: `10.0.0.0/24`. */
  readonly from?: readonly string[];
  /** A host name or pattern; or addresses, blocks and ranges. */
  readonly to: string | readonly string[];
  /** `HTTPS 443`, the default; `TCP 80-90`. */
  readonly service?: string;
  /** The pattern means one host or few, and only the user knows which. */
  readonly standsForHosts?: boolean;
}

/** Every tag and web category may hold what is asked for; no name is private. */
export const NO_FACTS: Facts = {
  fqdnTagHolds: () => 'unknown',
  isServiceTag: () => true,
  serviceTagMayHold: () => true,
  tagsOfName: () => [],
  webCategoryMayHold: () => true,
  isPrivateName: () => false,
};

/** What happens to the flow: one outcome where all of it has the same, else each part's, sorted. */
export function outcome(policy: Policy, text: FlowText, facts: Partial<Facts> = {}): string {
  const flow = flowOf(specOf(text));
  const cells = walk(indexRules(policy, flow.sources), flow, knowledgeOf({ ...NO_FACTS, ...facts }));
  return [...new Set(cells.map(outcomeOf))].sort().join(' + ');
}

export function specOf({
  from = ['10.0.0.0/24'],
  to,
  service = 'HTTPS 443',
  standsForHosts = false,
}: FlowText): FlowSpec {
  const [, protocol, first, last = first] = /^(HTTPS?|MSSQL|TCP|UDP) (\d+)(?:-(\d+))?$/.exec(service) ?? [];
  if (!isProtocol(protocol)) throw new Error(`${service} is no service of a flow`);
  return {
    sources: from.map((source) => (source.startsWith('⟦') ? source : rangeOf(source))),
    destination: typeof to === 'string' ? { name: to, standsForHosts } : { addresses: to.map(rangeOf) },
    protocol,
    ports: [[Number(first), Number(last)]],
  };
}

function isProtocol(text: string | undefined): text is FlowSpec['protocol'] {
  return text === 'HTTP' || text === 'HTTPS' || text === 'MSSQL' || text === 'TCP' || text === 'UDP';
}

function rangeOf(text: string): ReturnType<typeof parseIpRange> & object {
  const range = parseIpRange(text);
  if (range === undefined) throw new Error(`${text} is no range`);
  return range;
}
