import type { ApplianceFormat } from '../../model/format.ts';
import type { Place } from '../../model/place.ts';
import type { Policy } from '../../model/policy.ts';
import type { Remark } from '../../model/remark.ts';

/** A file of one vendor. */
export interface ApplianceFile {
  readonly path: string;
  readonly text: string;
}

/** What the user says of the network around an appliance; files do not always tell. */
export interface ApplianceOptions {
  /** Zones or interfaces by which the cluster's traffic comes in; empty where nothing is said. */
  readonly fromZones: readonly string[];
  /** Zones or interfaces by which it leaves. */
  readonly toZones: readonly string[];
  /** Every DNS answer that the cluster gets passes the appliance, so that it learns the addresses of wildcards. */
  readonly seesDns: boolean;
}

export const NOTHING_SAID: ApplianceOptions = { fromZones: [], toZones: [], seesDns: false };

export interface ApplianceReading {
  readonly policies: readonly Policy[];
  readonly notes: readonly { readonly message: string; readonly place: Place }[];
  readonly remarks: readonly Remark[];
  readonly files: ReadonlyMap<string, FileReading>;
  /** Files in which nothing of use stands, with what to do. */
  readonly refused?: readonly { readonly path: string; readonly problem: string }[];
}

export interface FileReading {
  readonly format: ApplianceFormat;
  /** Rules of access found in it, disabled ones included. */
  readonly rules: number;
  /** Lines and values about access that were not understood. */
  readonly notUnderstood: number;
}

/**
 * Reads all files of one vendor in a run. Throws an InputError for a text that is broken or that is not to be read, such as
 * XML with a document type.
 */
export type ReadAppliance = (files: readonly ApplianceFile[], options: ApplianceOptions) => ApplianceReading;

/** Collects what a reader has to say about one file. */
export class Report {
  readonly notes: { message: string; place: Place }[] = [];
  notUnderstood = 0;

  note(message: string, place: Place): void {
    this.notes.push({ message, place });
  }

  /** A line or value about access that could change a verdict, or is at least none of the known ones that cannot. */
  misunderstood(message: string, place: Place): void {
    this.notUnderstood += 1;
    if (this.notUnderstood <= MOST_NAMED) this.note(`not understood: ${message}`, place);
  }

  /** How many more there are than were named. */
  end(path: string): void {
    if (this.notUnderstood <= MOST_NAMED) return;
    const message = `${this.notUnderstood} lines or values about access were not understood, of which the first ${MOST_NAMED} are named`;
    this.note(message, { path, pointer: '' });
  }
}

const MOST_NAMED = 20;
