import type { PanNode } from './tree.ts';
import type { Scope } from './scope.ts';

/** What one application of a rule means for traffic of AKS. */
export interface Application {
  readonly name: string;
  /** Its standard ports; undefined where they are not known here. */
  readonly standard: readonly StandardPort[] | undefined;
  /** Whether App-ID calls traffic on these ports by this name and no other. */
  readonly isCertain: boolean;
}

interface StandardPort {
  readonly protocol: 'TCP' | 'UDP' | 'ICMP';
  readonly port: number;
}

const tcp = (port: number): StandardPort => ({ protocol: 'TCP', port });
const udp = (port: number): StandardPort => ({ protocol: 'UDP', port });

/**
 * Applications that name a protocol of its own, on which nothing of AKS changes to another name. `ssl` and `web-browsing`
 * are none: a session that begins as ssl becomes windows-azure or another once its host is seen, and is judged again.
 * https://knowledgebase.paloaltonetworks.com/KCSArticleDetail?id=kA10g000000ClxQCAS
 */
const CERTAIN = new Map<string, readonly StandardPort[]>([
  ['dns', [tcp(53), udp(53)]],
  ['dns-base', [tcp(53), udp(53)]],
  ['ntp', [udp(123)]],
  ['ntp-base', [udp(123)]],
  ['ping', [{ protocol: 'ICMP', port: 0 }]],
  ['icmp', [{ protocol: 'ICMP', port: 0 }]],
]);

const CHANGING = new Map<string, readonly StandardPort[]>([
  ['ssl', [tcp(443)]],
  ['web-browsing', [tcp(80), tcp(443)]],
  ['http2', [tcp(443)]],
  ['openvpn', [tcp(1194), udp(1194)]],
]);

/** What App-ID may call traffic to Microsoft, its CDNs and the other hosts of the article. */
const PLAUSIBLE =
  /^(?:ssl|web-browsing|http|quic|grpc|windows-|azure|ms-|microsoft|office|onedrive|sharepoint|docker|github|apt-get|ubuntu|snap|nvidia|amazon|aws|google|akamai|cloudflare|openvpn|kubernetes|unknown|incomplete|insufficient|websocket|oauth|ocsp|soap|paloalto-dns|dns-over)/;

/** Where AKS' web traffic and clock are at home, whatever application App-ID takes them for. */
export const STANDARD_PORTS: readonly StandardPort[] = [tcp(443), tcp(80), udp(123)];

/** The applications of a rule that may be those of AKS' traffic; undefined for any. */
export function applicationsOf(list: PanNode | undefined, scope: Scope): readonly Application[] | undefined {
  const names = list?.list().map(({ key }) => key) ?? [];
  if (names.length === 0 || names.includes('any')) return undefined;
  const found: Application[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const group = scope.find('application-group', name);
    if (group !== undefined) {
      const members = group.list('members');
      for (const { key } of members.length > 0 ? members : group.list()) visit(key);
      return;
    }
    const certain = CERTAIN.get(name);
    if (certain !== undefined) found.push({ name, standard: certain, isCertain: true });
    else if (isOwn(name, scope) || PLAUSIBLE.test(name))
      found.push({ name, standard: CHANGING.get(name), isCertain: false });
  };
  names.forEach(visit);
  return found;
}

/** Filters and applications that the file defines: whatever they say of traffic, App-ID decides. */
function isOwn(name: string, scope: Scope): boolean {
  return (
    scope.find('application', name) !== undefined || scope.find('application-filter', name) !== undefined
  );
}
