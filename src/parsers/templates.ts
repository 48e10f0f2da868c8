import type { InputFormat } from '../model/format.ts';
import type { Place } from '../model/place.ts';
import type { Cloud } from '../model/policy.ts';
import { evaluateTemplate } from './arm/template.ts';
import { declaredIn } from './declared.ts';
import type { Extraction, ResourceGap } from './resource.ts';
import type { ObjectValue, Value } from './value.ts';

export interface TemplateInput {
  readonly path: string;
  readonly template: ObjectValue;
  readonly format: InputFormat;
  /** Roots of files of parameters, the later one winning. */
  readonly parameters: readonly Value[];
  readonly cloud: Cloud;
  /** See TemplateOptions. */
  readonly label: string;
  readonly targetLabel?: string;
  readonly positionOf?: (place: Place) => { line: number; column: number } | undefined;
}

export interface TemplateReading {
  readonly extraction: Extraction;
  /** It declares a firewall, whether or not that is deployed with the values at hand. */
  readonly isFirewall: boolean;
}

/** Evaluates a template, written as JSON or in another language. Throws an InputError where it is broken. */
export function readTemplate({ path, template, format, ...rest }: TemplateInput): TemplateReading {
  const { parameters } = rest;
  const extraction = evaluateTemplate({ path, root: template, ...rest });
  const { firewall, rulesByExpression } = declaredIn(template);
  // Given parameters say what is deployed; without any, an empty list is only the default of a reusable template.
  const isOpen =
    rulesByExpression !== undefined && parameters.length === 0 && parametersOf(template).length > 0;
  const gaps = isOpen ? [...extraction.gaps, rulesNotGiven(rulesByExpression)] : extraction.gaps;
  return { extraction: { ...extraction, format, gaps }, isFirewall: firewall };
}

/** Names in lower case. What a template without any deploys is settled. */
export function parametersOf(template: ObjectValue): string[] {
  const parameters = template.members.get('parameters')?.value;
  return parameters?.kind === 'object' ? [...parameters.members.keys()] : [];
}

function rulesNotGiven(place: Place): ResourceGap {
  const unknown = {
    reason: 'the rules come from parameters, and without their values there are none',
    supply: 'give the parameter values with --parameters',
    place,
  };
  return { type: '', unknown, place };
}

/** The compiler signs what it writes: https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-cli#build */
export function isCompiledBicep(template: ObjectValue): boolean {
  const metadata = template.members.get('metadata')?.value;
  const generator = metadata?.kind === 'object' ? metadata.members.get('_generator')?.value : undefined;
  const name = generator?.kind === 'object' ? generator.members.get('name')?.value : undefined;
  return name?.kind === 'string' && name.value === 'bicep';
}
