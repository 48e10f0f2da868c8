import { InputError } from '../errors.ts';
import { vendorOf, type Vendor } from '../parsers/appliance/detect.ts';
import { loadReaders, loadRulestacks, type Appliances } from '../parsers/appliance/load.ts';
import { NOTHING_SAID, type ApplianceOptions } from '../parsers/appliance/reading.ts';
import { decodeText } from '../parsers/json/decode.ts';
import { isTerraformSource, type InputFile } from '../parsers/index.ts';

/** Loads what reads the appliances that occur among the files. */
export async function appliancesFor(
  files: readonly InputFile[],
  options: ApplianceOptions = NOTHING_SAID,
): Promise<Appliances | undefined> {
  const vendors = new Set<Vendor>();
  let mayHaveRulestacks = false;
  for (const file of files) {
    const vendor = vendorOfFile(file);
    if (vendor !== undefined) vendors.add(vendor);
    else mayHaveRulestacks ||= speaksOfRulestacks(file);
  }
  if (vendors.size === 0 && !mayHaveRulestacks) return undefined;
  return {
    readers: await loadReaders(vendors),
    options,
    rulestacks: mayHaveRulestacks ? await loadRulestacks() : undefined,
  };
}

/**
 * Of templates, the type of a resource, `Rulestacks` or `rulestacks`; of Terraform that of the provider,
 * `palo_alto_local_rulestack`, or of a module's source.
 */
function speaksOfRulestacks({ bytes, path }: InputFile): boolean {
  if (isTerraformSource(path)) return true;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes('ulestack');
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
