import type { InputSummary } from '../../model/policy.ts';
import type { Resource, ResourceGap } from '../resource.ts';
import { vendorOf, type Vendor } from './detect.ts';
import type { Appliances } from './load.ts';
import { NOTHING_SAID, type ApplianceReading } from './reading.ts';

interface NamedFile {
  readonly path: string;
  readonly named: boolean;
}

/** What the appliances of a run come to. */
export interface AppliancesReading<F> extends Pick<ApplianceReading, 'policies' | 'notes' | 'remarks'> {
  readonly inputs: readonly InputSummary[];
  readonly refused: readonly { readonly file: F; readonly problem: string }[];
  /** Rules of rulestacks, which stand in templates and Terraform, per file. */
  readonly rules: ReadonlyMap<string, number>;
}

/** Files of appliances, kept by vendor, since a rulebase and its objects may stand in several. */
export class ApplianceFiles<F extends NamedFile> {
  readonly #byVendor = new Map<Vendor, { file: F; text: string }[]>();

  /** Takes a file if it is one of an appliance. */
  take(file: F, text: string): boolean {
    const vendor = vendorOf(text);
    if (vendor === undefined) return false;
    const known = this.#byVendor.get(vendor);
    if (known === undefined) this.#byVendor.set(vendor, [{ file, text }]);
    else known.push({ file, text });
    return true;
  }

  read(
    appliances: Appliances | undefined,
    resources: readonly Resource[],
    gaps: readonly ResourceGap[],
  ): AppliancesReading<F> {
    const refused: { file: F; problem: string }[] = [];
    const readings = [...this.#byVendor].map(([vendor, files]) => {
      const read = appliances?.readers.get(vendor);
      if (read === undefined) throw new Error(`an export of ${vendor} without its reader`);
      const own = files.map(({ file, text }) => ({ path: file.path, text }));
      const reading = read(own, appliances?.options ?? NOTHING_SAID);
      for (const { path, problem } of reading.refused ?? []) {
        const found = files.find(({ file }) => file.path === path);
        if (found !== undefined) refused.push({ file: found.file, problem });
      }
      return { reading, files: reading.refused === undefined ? own : [] };
    });
    const stacks = appliances?.rulestacks?.(resources, gaps, appliances.options);
    return {
      policies: [...readings.flatMap(({ reading }) => reading.policies), ...(stacks?.policies ?? [])],
      notes: [...readings.flatMap(({ reading }) => reading.notes), ...(stacks?.notes ?? [])],
      remarks: readings.flatMap(({ reading }) => reading.remarks),
      inputs: readings.flatMap(({ reading, files }) =>
        files.flatMap(({ path, text }) => {
          const file = reading.files.get(path);
          if (file === undefined) return [];
          return { path, format: file.format, rules: file.rules, unresolved: file.notUnderstood, text };
        }),
      ),
      refused,
      rules: stacks?.rules ?? new Map<string, number>(),
    };
  }
}
