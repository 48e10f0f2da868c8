import { aksBaseline, aksSecureBaseline } from './expectations/aks-baseline.ts';
import { bicepMain, compiledMain, sampleApp } from './expectations/aks-construction.ts';
import {
  landingZoneParameters,
  landingZoneRuleParameters,
  landingZoneTemplate,
} from './expectations/aks-landing-zone.ts';
import type { Expectation } from './expectations/expectation.ts';
import { springApps } from './expectations/spring-apps.ts';
import { withoutAks } from './expectations/without-aks.ts';

/** Every ARM template and compiled Bicep file of the corpus, those with AKS rules first. */
export const EXPECTATIONS: readonly Expectation[] = [
  aksSecureBaseline,
  aksBaseline,
  landingZoneTemplate,
  landingZoneParameters,
  landingZoneRuleParameters,
  springApps,
  compiledMain,
  bicepMain,
  sampleApp,
  ...withoutAks,
];
