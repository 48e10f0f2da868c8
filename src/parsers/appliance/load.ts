import type { Vendor } from './detect.ts';
import type { readRulestacks } from '../panos/rulestack.ts';
import type { ApplianceOptions, ReadAppliance } from './reading.ts';

/** The readers of the vendors that occur, with what the user says of the network. */
export interface Appliances {
  readonly readers: ReadonlyMap<Vendor, ReadAppliance>;
  readonly options: ApplianceOptions;
  /** Reads rulestacks among the resources of templates and Terraform, where there may be some. */
  readonly rulestacks?: typeof readRulestacks | undefined;
}

/** Loads the readers: a run without an appliance loads none. */
export async function loadReaders(vendors: Iterable<Vendor>): Promise<ReadonlyMap<Vendor, ReadAppliance>> {
  const readers = new Map<Vendor, ReadAppliance>();
  for (const vendor of vendors) if (!readers.has(vendor)) readers.set(vendor, await READERS[vendor]());
  return readers;
}

const READERS: Readonly<Record<Vendor, () => Promise<ReadAppliance>>> = {
  panos: async () => (await import('../panos/index.ts')).readPanos,
  fortios: async () => (await import('../fortios/index.ts')).readFortios,
  checkpoint: async () => (await import('../checkpoint/index.ts')).readCheckPoint,
  'cisco-asa': async () => (await import('../cisco-asa/index.ts')).readAsa,
};

export async function loadRulestacks(): Promise<typeof readRulestacks> {
  return (await import('../panos/rulestack.ts')).readRulestacks;
}
