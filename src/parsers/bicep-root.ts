import type { Cloud } from '../model/policy.ts';
import type { BicepRoot } from './bicep/index.ts';
import { relocateResources } from './relocate.ts';
import type { Extraction } from './resource.ts';
import { readTemplate, type TemplateReading } from './templates.ts';
import type { Value } from './value.ts';

/** Evaluates what a Bicep file deploys: as the compiler wrote it, where it was asked, at the places of the source. */
export function readBicepRoot(
  root: BicepRoot,
  given: readonly Value[],
  label: string,
  cloud: Cloud,
): TemplateReading {
  const { path, template, compiled, positionOf } = root;
  const parameters = [...root.parameters, ...given];
  const shared = { path, parameters, label, targetLabel: label, format: 'bicep', cloud } as const;
  const own = readTemplate({ ...shared, template, positionOf });
  if (compiled === undefined) return own;
  const reading = readTemplate({ ...shared, template: compiled });
  const resources = relocateResources(reading.extraction.resources, own.extraction.resources);
  return { ...reading, extraction: { ...reading.extraction, resources } };
}

/** What a template that was compiled before deploys, at the places of its source. */
export function atSource(
  extraction: Extraction,
  { path, template, positionOf }: BicepRoot,
  parameters: readonly Value[],
  label: string,
  cloud: Cloud,
): Extraction {
  const own = readTemplate({ path, template, parameters, label, format: 'bicep', cloud, positionOf });
  return { ...extraction, resources: relocateResources(extraction.resources, own.extraction.resources) };
}
