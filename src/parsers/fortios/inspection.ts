import type { Destination } from '../../model/policy.ts';
import { nameOf, opaqueAddress } from '../appliance/rules.ts';
import type { Addresses } from './addresses.ts';
import { entriesOf, valueOf, valuesOf, type Entry, type Sections, type Word } from './tree.ts';

/** Whether an SSL inspection profile decrypts, and what it exempts. */
export interface Inspection {
  readonly decrypts: 'yes' | 'no' | 'unknown';
  readonly exempt: readonly Destination[];
}

const NONE: Inspection = { decrypts: 'no', exempt: [] };

/** Profiles that every device has and that look at certificates only. */
const HARMLESS = new Set(['', 'certificate-inspection', 'no-inspection', 'no-ssl-ssh-inspection']);

/** https://docs.fortinet.com (FortiGate administration guide: SSL & SSH inspection) */
export function inspectionOf(policy: Entry, sections: Sections, addresses: Addresses): Inspection {
  const [named] = valuesOf(policy, 'ssl-ssh-profile');
  if (named === undefined || HARMLESS.has(named.text)) return NONE;
  const profile = sections.get('firewall ssl-ssh-profile')?.entries.get(named.text);
  // What the factory profiles exempt is in the file where it is a whole backup.
  if (profile === undefined) return { decrypts: 'unknown', exempt: [] };
  if (!isDeep(profile)) return NONE;
  const exempt = [...(profile.sections.get('ssl-exempt')?.entries.values() ?? [])].flatMap((entry) =>
    exemption(entry, sections, addresses),
  );
  return { decrypts: 'yes', exempt };
}

function isDeep(profile: Entry): boolean {
  const https = profile.sections.get('https')?.own;
  const all = profile.sections.get('ssl')?.own;
  const status = valueOf(https, 'status') || valueOf(all, 'inspect-all');
  return status === 'deep-inspection' || valueOf(all, 'inspect-all') === 'deep-inspection';
}

function exemption(entry: Entry, sections: Sections, addresses: Addresses): Destination[] {
  switch (valueOf(entry, 'type')) {
    case 'wildcard-fqdn': {
      const [named] = valuesOf(entry, 'wildcard-fqdn');
      const custom = sections.get('firewall wildcard-fqdn custom')?.entries.get(named?.text ?? '');
      const pattern = valueOf(custom, 'wildcard-fqdn') || (named?.text ?? '');
      return named === undefined || !/^\*?[^*]+$/.test(pattern)
        ? []
        : [nameOf(pattern, named.text, named.place)];
    }
    case 'address':
      return [...addresses.read(valuesOf(entry, 'address')).members];
    case 'regex': {
      const reason = 'an exemption from decryption is a regular expression';
      return [opaqueAddress(entry.key, entry.place, reason, 'exempt names as wildcard-fqdn')];
    }
    default: {
      const [category] = valuesOf(entry, 'fortiguard-category');
      return category === undefined ? [] : categoryOf(category);
    }
  }
}

/**
 * FortiGuard's categories in which a host of AKS could be: unrated, file sharing and storage, search engines, business,
 * information technology, web hosting, secure websites and web-based applications.
 * https://www.fortiguard.com/webfilter/categories
 */
const PLAUSIBLE = new Set(['0', '24', '41', '49', '50', '52', '56', '81', '84']);

function categoryOf({ text, place }: Word): Destination[] {
  if (!PLAUSIBLE.has(text)) return [];
  const reason = `which hosts are in FortiGuard's category ${text} is not known`;
  return [opaqueAddress(`category ${text}`, place, reason, 'name the hosts before it')];
}

/** Hosts that a rule allows and a profile blocks after it. */
export interface Blocked {
  readonly destinations: readonly Destination[];
  readonly except: readonly Destination[];
}

/** What web filter and application control of a rule can still block. */
export function blockedByProfiles(policy: Entry, sections: Sections): Blocked[] {
  if (valueOf(policy, 'utm-status') !== 'enable') return [];
  return [...blockedByWebFilter(policy, sections), ...blockedByApplications(policy, sections)];
}

/** Profiles that come with the device: they block no category of the ones above. */
const PREDEFINED = new Set(['default', 'sniffer-profile', 'wifi-default', 'monitor-all', 'block-high-risk']);

function blockedByWebFilter(policy: Entry, sections: Sections): Blocked[] {
  const [named] = valuesOf(policy, 'webfilter-profile');
  if (named === undefined) return [];
  const profile = sections.get('webfilter profile')?.entries.get(named.text);
  if (profile === undefined) return PREDEFINED.has(named.text) ? [] : [notDefined('web filter', named)];
  const blocked: Blocked[] = [];
  const passed: Destination[] = [];
  const table = valueOf(profile.sections.get('web')?.own, 'urlfilter-table');
  const list = entriesOf(sections, 'webfilter urlfilter').find(({ key }) => key === table);
  for (const entry of list?.sections.get('entries')?.entries.values() ?? []) {
    if (valueOf(entry, 'status') === 'disable') continue;
    const names = urlNames(entry);
    const action = valueOf(entry, 'action') || 'exempt';
    if (action === 'block') blocked.push({ destinations: names, except: [...passed] });
    else passed.push(...names);
  }
  // Only an exempted host is not looked up any more; others still fall into their category.
  const filters = profile.sections.get('ftgd-wf')?.own.sections.get('filters');
  const categories = [...(filters?.entries.values() ?? [])]
    .filter((entry) => valueOf(entry, 'action') === 'block')
    .flatMap((entry) => valuesOf(entry, 'category').flatMap(categoryOf));
  if (categories.length > 0) blocked.push({ destinations: categories, except: [...passed] });
  return blocked;
}

function urlNames(entry: Entry): Destination[] {
  const [url] = valuesOf(entry, 'url');
  if (url === undefined) return [];
  const host = url.text.replace(/^[a-z]+:\/\//i, '').replace(/\/\*?$/, '');
  if (host.includes('/')) return [];
  const type = valueOf(entry, 'type') || 'simple';
  if (type !== 'regex' && /^\*?[^*]+$/.test(host)) return [nameOf(host, url.text, url.place)];
  const reason = `what '${url.text}' of a URL filter matches is not understood`;
  return [opaqueAddress(url.text, url.place, reason, 'write it as a name or *.example.com')];
}

/** Application categories that traffic of AKS may be put into: network service, update, storage, web client, cloud. */
const PLAUSIBLE_APPLICATIONS = new Set(['12', '15', '17', '22', '25', '28', '29', '30']);

function blockedByApplications(policy: Entry, sections: Sections): Blocked[] {
  const [named] = valuesOf(policy, 'application-list');
  if (named === undefined) return [];
  const list = sections.get('application list')?.entries.get(named.text);
  if (list === undefined) return PREDEFINED.has(named.text) ? [] : [notDefined('application control', named)];
  const blocking = [...(list.sections.get('entries')?.entries.values() ?? [])].some(
    (entry) =>
      (valueOf(entry, 'action') || 'block') === 'block' &&
      valuesOf(entry, 'category').some(({ text }) => PLAUSIBLE_APPLICATIONS.has(text)),
  );
  if (!blocking && valueOf(list, 'other-application-action') !== 'block') return [];
  const reason = `application control '${named.text}' blocks kinds of applications that may be those of AKS`;
  return [
    {
      destinations: [
        opaqueAddress(named.text, named.place, reason, 'use another profile for the traffic of AKS'),
      ],
      except: [],
    },
  ];
}

function notDefined(what: string, { text, place }: Word): Blocked {
  const reason = `the ${what} profile '${text}' is not in the file, and may block what the rule allows`;
  return { destinations: [opaqueAddress(text, place, reason, 'export its definition too')], except: [] };
}
