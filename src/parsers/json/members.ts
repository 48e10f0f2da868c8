import type { Member } from '../value.ts';

/** How a key is spelled. */
export interface Spelling {
  readonly written: string;
  /** Objects have such a member without anybody's writing it. */
  readonly isInherited: boolean;
}

/**
 * How the keys of a document are spelled, by lower-case name; 'varying' for a name that is spelled in two ways. Objects of
 * one kind share their keys, so that an object with hundreds of sisters finds a member without lowering all its keys.
 */
export class Spellings {
  readonly #known = new Set<string>();
  readonly #byName = new Map<string, Spelling | 'varying'>();

  /** Takes note of an object's keys. */
  add(raw: Readonly<Record<string, unknown>>): void {
    // Parsed JSON inherits nothing that is enumerable.
    for (const written in raw) {
      if (this.#known.has(written)) continue;
      this.#known.add(written);
      const name = written.toLowerCase();
      this.#byName.set(name, this.#byName.has(name) ? 'varying' : spelling(written));
    }
  }

  of(name: string): Spelling | 'varying' | undefined {
    return this.#byName.get(name);
  }
}

function spelling(written: string): Spelling {
  return { written, isInherited: written in Object.prototype };
}

/** The object whose members are asked for. */
export interface MemberOwner {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly document: { readonly spellings: Spellings };
  readonly memberOf: (written: string, raw: unknown) => Member;
}

/** The members of one object of a document, by lower-case name. Each is made when somebody asks for it. */
export class JsonMembers implements ReadonlyMap<string, Member> {
  readonly #owner: MemberOwner;
  /** Containers that hold something only, which keep what is made of them. */
  readonly #made: Member[] = [];
  #all: ReadonlyMap<string, Member> | undefined;

  constructor(owner: MemberOwner) {
    owner.document.spellings.add(owner.raw);
    this.#owner = owner;
  }

  get(name: string): Member | undefined {
    const { raw: members, document } = this.#owner;
    const spelling = document.spellings.of(name);
    if (spelling === undefined) return undefined;
    if (spelling === 'varying') return this.#whole().get(name);
    const { written, isInherited } = spelling;
    const raw = members[written];
    if (raw === undefined || (isInherited && !Object.hasOwn(members, written))) return undefined;
    return this.#member(written, raw);
  }

  #member(written: string, raw: unknown): Member {
    if (typeof raw !== 'object' || (Array.isArray(raw) && raw.length === 0)) {
      return this.#owner.memberOf(written, raw);
    }
    const made = this.#made;
    // An object has few of them, and this is asked ten thousand times.
    for (let at = 0; at < made.length; at += 1) {
      const known = made[at];
      if (known?.name === written) return known;
    }
    const member = this.#owner.memberOf(written, raw);
    made.push(member);
    return member;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  get size(): number {
    return this.#whole().size;
  }

  keys(): MapIterator<string> {
    return this.#whole().keys();
  }

  values(): MapIterator<Member> {
    return this.#whole().values();
  }

  entries(): MapIterator<[string, Member]> {
    return this.#whole().entries();
  }

  [Symbol.iterator](): MapIterator<[string, Member]> {
    return this.entries();
  }

  forEach(
    callback: (member: Member, name: string, map: ReadonlyMap<string, Member>) => void,
    thisArg?: unknown,
  ): void {
    this.#whole().forEach(callback, thisArg);
  }

  /** All of them, in order; of keys that differ in case only, the last one counts. */
  #whole(): ReadonlyMap<string, Member> {
    if (this.#all === undefined) {
      const all = new Map<string, Member>();
      for (const [written, raw] of Object.entries(this.#owner.raw)) {
        all.set(written.toLowerCase(), this.#member(written, raw));
      }
      this.#all = all;
    }
    return this.#all;
  }
}
