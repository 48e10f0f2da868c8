/**
 * What a file is, as reports name it. Parsers yield no other, and test/parsers/formats.test.ts wants to see of each that it
 * gives the findings of a template and that its comments are heard.
 */
export type InputFormat = PolicyFormat | ApplianceFormat | SupportFormat;

/** Files that hold firewalls. */
export type PolicyFormat =
  | 'arm-template'
  | 'arm-resource'
  | 'bicep'
  | 'rest-list'
  | 'resource-graph'
  | 'az-cli'
  | 'powershell'
  | 'what-if'
  | 'azure-snapshot'
  | 'terraform'
  | 'terraform-state'
  | 'terraform-plan';

/** Exports of appliances: each in the words of its vendor. */
export type ApplianceFormat = (typeof APPLIANCE_FORMATS)[number];

export const APPLIANCE_FORMATS = [
  'panos-xml',
  'panos-set',
  'fortios',
  'fortios-rest',
  'checkpoint',
  'cisco-asa',
] as const;

/** Files that give values to those. */
export type SupportFormat = 'parameters' | 'bicep-data' | 'terraform-values' | 'terraform-data';
