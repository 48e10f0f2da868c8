import type { Member } from '../value.ts';

/**
 * How the keys of a document are spelled, by lower-case name; undefined for a name that is spelled in two ways. Objects of
 * one kind share their keys, so that an object with hundreds of sisters finds a member without lowering all its keys.
 */
export class Spellings {
  readonly #lowered = new Map<string, string>();
  readonly #written = new Map<string, string | undefined>();

  /** Takes note of an object's keys. */
  add(raw: Readonly<Record<string, unknown>>): void {
    // Parsed JSON inherits nothing that is enumerable.
    for (const written in raw) {
      if (this.#lowered.has(written)) continue;
      const name = written.toLowerCase();
      this.#lowered.set(written, name);
      this.#written.set(name, this.#written.has(name) ? undefined : written);
    }
  }

  has(name: string): boolean {
    return this.#written.has(name);
  }

  of(name: string): string | undefined {
    return this.#written.get(name);
  }
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
  /** By name as written; containers that hold something only, which keep what is made of them. */
  #made: Map<string, Member> | undefined;
  #all: ReadonlyMap<string, Member> | undefined;

  constructor(owner: MemberOwner) {
    owner.document.spellings.add(owner.raw);
    this.#owner = owner;
  }

  get(name: string): Member | undefined {
    const { raw: members, document } = this.#owner;
    const written = document.spellings.of(name);
    if (written === undefined) return document.spellings.has(name) ? this.#whole().get(name) : undefined;
    const raw = members[written];
    if (raw === undefined || !Object.hasOwn(members, written)) return undefined;
    return this.#member(written, raw);
  }

  #member(written: string, raw: unknown): Member {
    if (typeof raw !== 'object' || (Array.isArray(raw) && raw.length === 0)) {
      return this.#owner.memberOf(written, raw);
    }
    let member = this.#made?.get(written);
    if (member === undefined) {
      member = this.#owner.memberOf(written, raw);
      (this.#made ??= new Map()).set(written, member);
    }
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
