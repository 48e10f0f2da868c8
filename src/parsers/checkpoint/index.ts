import type { Policy } from '../../model/policy.ts';
import type { Remark } from '../../model/remark.ts';
import { readJson } from '../json/read.ts';
import { jsonRemarks } from '../json/remarks.ts';
import {
  Report,
  type ApplianceFile,
  type ApplianceOptions,
  type ApplianceReading,
} from '../appliance/reading.ts';
import { appliancePolicy, RuleList, withUniqueIds } from '../appliance/rules.ts';
import { Zones } from '../appliance/zones.ts';
import { emptyExports, takeIn, type Exports, type LayerText, type PackageText } from './exports.ts';
import { Layers } from './layers.ts';

/**
 * Reads exports of Check Point's management: all files of a run belong together, since rules name objects by identifiers.
 * One policy for each package; without one, for the layers of each file that are no inline layers, all of which have to
 * accept.
 */
export function readCheckPoint(files: readonly ApplianceFile[], options: ApplianceOptions): ApplianceReading {
  const exports = emptyExports();
  const notes = files.flatMap(({ path, text }) => {
    const { value, notes: own } = readJson(path, text);
    takeIn(value, path, exports);
    return own;
  });
  const report = new Report();
  const remarks: Remark[] = files.flatMap(({ path, text }) => jsonRemarks(path, text));
  const zones = new Zones([], options, 'zone');
  const policies = packagesOf(exports, report).map(({ name, layers, ordered }): Policy => {
    const list = new RuleList(name);
    const reader = new Layers({ exports, zones, report, remarks, group: name });
    ordered.forEach((layer, number) => {
      for (const draft of reader.read(layer, ordered.length > 1 ? number : undefined)) list.add(draft);
    });
    const [first] = ordered;
    return appliancePolicy({
      id: name,
      name,
      place: first?.place ?? layers.place,
      rules: list.rules,
      ...(ordered.length > 1
        ? { layers: ordered.map((layer) => ({ name: layer.name, otherwise: 'deny' as const })) }
        : {}),
    });
  });
  const [first] = files;
  report.end(first?.path ?? '');
  return {
    policies: withUniqueIds(policies),
    notes: [...notes, ...report.notes],
    // JSON's own remarks include the comments of rules where those are descriptions.
    remarks,
    files: new Map(
      files.map(({ path }) => [
        path,
        {
          format: 'checkpoint' as const,
          rules: exports.layers.flatMap(({ rules }) => rules).filter(({ place }) => place.path === path)
            .length,
          notUnderstood: path === first?.path ? report.notUnderstood : 0,
        },
      ]),
    ),
    ...(exports.layers.length > 0
      ? {}
      : {
          refused: files.map(({ path }) => ({
            path,
            problem:
              'it holds objects or settings of Check Point and no rules; add the pages of show-access-rulebase, or the layers that ShowPolicyPackage writes',
          })),
        }),
  };
}

interface Package {
  readonly name: string;
  readonly layers: PackageText;
  /** All of them have to accept. */
  readonly ordered: readonly LayerText[];
}

function packagesOf(exports: Exports, report: Report): Package[] {
  const inline = new Set(
    exports.layers.flatMap(({ rules }) =>
      rules.flatMap((rule) => {
        const value = rule.members.get('inline-layer')?.value;
        if (value?.kind === 'string') return [value.value];
        const uid = value?.kind === 'object' ? value.members.get('uid')?.value : undefined;
        return uid?.kind === 'string' ? [uid.value] : [];
      }),
    ),
  );
  const used = new Set<LayerText>();
  const packages: Package[] = [];
  for (const one of exports.packages) {
    const ordered = one.layers.flatMap((named) => {
      const layer = exports.layers.find(
        ({ uid, name }) =>
          (uid !== '' && uid === named.uid) ||
          name === named.name ||
          name === named.file ||
          (uid === '' && name.startsWith(`${named.name}-`)),
      );
      if (layer === undefined) {
        report.note(`layer '${named.name}' of package '${one.name}' is not in the files`, one.place);
        return [];
      }
      used.add(layer);
      return [layer];
    });
    if (ordered.length > 0) packages.push({ name: one.name, layers: one, ordered });
  }
  for (const layers of exports.layersOf.values()) {
    const ordered = layers.filter(
      (layer) => !used.has(layer) && !inline.has(layer.uid) && !inline.has(layer.name),
    );
    const [first] = ordered;
    if (first === undefined) continue;
    if (ordered.length > 1) {
      const names = ordered.map(({ name }) => `'${name}'`).join(', ');
      report.note(
        `the layers ${names} are taken for ordered layers of one package, all of which have to accept; the answer of show-package says which are`,
        first.place,
      );
    }
    const name = ordered.map((layer) => layer.name).join(' + ');
    packages.push({ name, layers: { name, layers: [], place: first.place }, ordered });
  }
  return packages;
}
