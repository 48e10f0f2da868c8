import type { InputFormat } from '../model/format.ts';
import type { InputSummary } from '../model/policy.ts';
import type { Extraction } from './resource.ts';

interface Text {
  readonly path: string;
  readonly text: string;
}

/** Every file that was read, for reports. */
export function summariesOf(
  read: readonly {
    readonly file: { readonly path: string };
    readonly text: string;
    readonly indentation?: string | undefined;
    readonly extraction: Extraction;
  }[],
  /** Of configurations that places lead to. */
  sources: readonly (Text & { readonly format: InputFormat })[],
  parameters: readonly Text[],
  found: {
    /** By path. */
    readonly counts: ReadonlyMap<string, { readonly rules: number; readonly unresolved: number }>;
    readonly appliances: {
      readonly inputs: readonly InputSummary[];
      readonly rules: ReadonlyMap<string, number>;
    };
  },
): InputSummary[] {
  const { counts, appliances } = found;
  const counted = (path: string): { rules: number; unresolved: number } => ({
    rules: (counts.get(path)?.rules ?? 0) + (appliances.rules.get(path) ?? 0),
    unresolved: counts.get(path)?.unresolved ?? 0,
  });
  return [
    ...read.map(({ file: { path }, text, indentation, extraction: { format, addresses } }) => ({
      ...{ path, format, ...counted(path), text, indentation },
      ...(addresses === undefined ? {} : { addresses }),
    })),
    ...sources.map(({ path, text, format }) => ({ path, format, ...counted(path), text })),
    ...appliances.inputs,
    ...parameters.map(({ path, text }) => ({
      ...{ path, format: 'parameters' as const, rules: 0, unresolved: 0, text },
    })),
  ];
}
