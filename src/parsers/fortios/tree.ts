import type { Place } from '../../model/place.ts';

/** `set service "HTTP" "HTTPS"`. */
export interface Setting {
  readonly key: string;
  readonly values: readonly Word[];
  readonly place: Place;
}

export interface Word {
  readonly text: string;
  readonly place: Place;
}

/** One `edit` of a table, or a section without entries, such as `config system settings`. */
export interface Entry {
  readonly key: string;
  readonly place: Place;
  readonly settings: Map<string, Setting>;
  /** `config` blocks inside, by name. */
  readonly sections: Map<string, Section>;
}

/** `config firewall policy` … `end`; what is configured twice is one section. */
export interface Section {
  readonly name: string;
  readonly place: Place;
  /** By key, in the order of the file, which is the order of evaluation. */
  readonly entries: Map<string, Entry>;
  /** Settings directly in the section. */
  readonly own: Entry;
}

/** What one virtual domain holds, or a device without any. */
export type Sections = ReadonlyMap<string, Section>;

export function valuesOf(entry: Entry | undefined, key: string): readonly Word[] {
  return entry?.settings.get(key)?.values ?? [];
}

/** The first value of a setting; '' where it is not set. */
export function valueOf(entry: Entry | undefined, key: string): string {
  return valuesOf(entry, key)[0]?.text ?? '';
}

export function entriesOf(sections: Sections, name: string): Entry[] {
  return [...(sections.get(name)?.entries.values() ?? [])];
}

export function newEntry(key: string, place: Place): Entry {
  return { key, place, settings: new Map(), sections: new Map() };
}
