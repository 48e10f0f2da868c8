import { posix } from 'node:path';
import texts from '../../../../rules/bicep-modules?texts';
import { literalPattern } from '../../../model/literal-pattern.ts';
import { FileSymbols } from '../lower/symbols.ts';
import { parsed, type Loader } from './loader.ts';

/** A module that is not in the repository: of a container registry, or a template spec. */
export type ModuleAddress =
  | {
      readonly kind: 'registry';
      readonly registry: string;
      readonly repository: string;
      readonly tag: string;
    }
  | { readonly kind: 'templateSpec'; readonly segments: readonly string[] };

/** `br/public:` without a bicepconfig.json. */
const PUBLIC = { registry: 'mcr.microsoft.com', modulePath: 'bicep' };

/**
 * Finds modules of a registry and template specs: restored in the local cache, or known by what their inputs become
 * (https://learn.microsoft.com/azure/azure-resource-manager/bicep/modules#path-to-module).
 */
export class Registry {
  readonly #loader: Loader;
  readonly #cache: string | undefined;
  readonly #known = new Map<string, FileSymbols | undefined>();

  constructor(loader: Loader, cache: string | undefined) {
    this.#loader = loader;
    this.#cache = cache;
  }

  /** `br:…`, `br/alias:…`, `ts:…` and `ts/alias:…`; aliases are those of the bicepconfig.json nearest to the file. */
  address(reference: string, from: string): ModuleAddress | undefined {
    const [, kind = '', alias, rest = ''] = /^(br|ts)(?:\/([\w-]+))?:(.+)$/.exec(reference) ?? [];
    if (kind === 'ts') {
      const around = alias === undefined ? [] : this.#specAlias(alias, from);
      return around && { kind: 'templateSpec', segments: [...around, ...rest.split(/[/:]/)] };
    }
    const [, path = '', tag = ''] = /^(.*?)[:@]([^/]+)$/.exec(rest) ?? [];
    if (kind !== 'br' || tag === '') return undefined;
    if (alias === undefined) {
      const [registry = '', ...repository] = path.split('/');
      return { kind: 'registry', registry, repository: repository.join('/'), tag };
    }
    const known = this.#registryAlias(alias, from);
    if (known === undefined) return undefined;
    const repository = known.modulePath === '' ? path : `${known.modulePath}/${path}`;
    return { kind: 'registry', registry: known.registry, repository, tag };
  }

  #registryAlias(alias: string, from: string): typeof PUBLIC | undefined {
    const written = this.#alias('br', alias, from);
    if (written === undefined) return alias === 'public' ? PUBLIC : undefined;
    return { registry: written.get('registry') ?? '', modulePath: written.get('modulepath') ?? '' };
  }

  #specAlias(alias: string, from: string): string[] | undefined {
    const written = this.#alias('ts', alias, from);
    const [subscription, group] = [written?.get('subscription'), written?.get('resourcegroup')];
    return subscription === undefined || group === undefined ? undefined : [subscription, group];
  }

  /** Texts of an alias, names in lower case. */
  #alias(kind: string, alias: string, from: string): ReadonlyMap<string, string> | undefined {
    let at = this.#config(from);
    for (const name of ['modulealiases', kind, alias.toLowerCase()]) {
      const value = at?.kind === 'object' ? at.members.get(name)?.value : undefined;
      at = value;
    }
    if (at?.kind !== 'object') return undefined;
    return new Map(
      [...at.members].flatMap(([name, { value }]) => (value.kind === 'string' ? [[name, value.value]] : [])),
    );
  }

  #config(from: string): ReturnType<Loader['json']> | undefined {
    const boundary = this.#loader.files.repository(posix.dirname(from));
    for (let folder = posix.dirname(from); ; folder = posix.join(folder, '..')) {
      const path = posix.join(folder, 'bicepconfig.json');
      if (this.#loader.exists(path)) return this.#loader.json(path);
      const real = this.#loader.files.real(folder);
      if (real === undefined || real === '/' || real === boundary || boundary === undefined) return undefined;
    }
  }

  /** The path of the compiled template in the local cache. */
  cached(address: ModuleAddress): string | undefined {
    if (this.#cache === undefined) return undefined;
    const segments =
      address.kind === 'registry'
        ? [
            'br',
            address.registry.replaceAll(':', '$').toLowerCase(),
            address.repository.replaceAll('/', '$'),
            tagFolder(address.tag),
          ]
        : ['ts', ...address.segments.map((segment) => segment.toLowerCase())];
    // A reference comes with a pull request, and must not lead out of the cache.
    if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) return undefined;
    const path = posix.join(this.#cache, ...segments, 'main.json');
    return this.#loader.exists(path) ? path : undefined;
  }

  /** What rules/bicep-modules says of a module, whatever its version. */
  known(address: ModuleAddress): FileSymbols | undefined {
    if (address.kind !== 'registry') return undefined;
    const name = address.repository.replace(/^bicep\//, '').toLowerCase();
    if (!this.#known.has(name)) {
      const text = texts.find((one) => new RegExp(`^// module: ${literalPattern(name)}$`, 'm').test(one));
      this.#known.set(name, text === undefined ? undefined : new FileSymbols(parsed(`${name}.bicep`, text)));
    }
    return this.#known.get(name);
  }
}

/** File systems may not tell upper from lower case: a mask behind the tag says which letters are capital. */
function tagFolder(tag: string): string {
  if (/^\w+:/.test(tag)) return tag.replace(':', '#');
  let mask = 0n;
  for (let at = 0; at < tag.length; at += 1) if (/[A-Z]/.test(tag[at] ?? '')) mask |= 1n << BigInt(at);
  return `${tag}$${mask === 0n ? '' : mask.toString(16)}`;
}
