import { InputError } from '../errors.ts';
import { vendorOf, type Vendor } from '../parsers/appliance/detect.ts';
import { loadReaders, type Appliances } from '../parsers/appliance/load.ts';
import { NOTHING_SAID, type ApplianceOptions } from '../parsers/appliance/reading.ts';
import { decodeText } from '../parsers/json/decode.ts';
import type { InputFile } from '../parsers/index.ts';

/** Loads what reads the appliances that occur among the files. */
export async function appliancesFor(
  files: readonly InputFile[],
  options: ApplianceOptions = NOTHING_SAID,
): Promise<Appliances | undefined> {
  const vendors = new Set<Vendor>();
  for (const file of files) {
    const vendor = vendorOfFile(file);
    if (vendor !== undefined) vendors.add(vendor);
  }
  return vendors.size === 0 ? undefined : { readers: await loadReaders(vendors), options };
}

function vendorOfFile({ bytes, path }: InputFile): Vendor | undefined {
  try {
    return vendorOf(decodeText(bytes, path));
  } catch (error) {
    // Reading the file says why it cannot be read.
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
