import type { Policy } from '../model/policy.ts';
import { literalPattern } from '../model/literal-pattern.ts';
import { hasSymbol } from '../model/symbol.ts';
import type { EndpointFacts } from './endpoint-facts.ts';
import type { Requirement } from '../requirements/requirement.ts';

/** The label that stands for a region nobody named; equal to itself, so `*.azmk8s.io` covers it and `*.hcp.eastus…` does not. */
export const UNNAMED_REGION = '<region>';

/**
 * Regions that the policy writes where a requirement has its placeholder: `*.hcp.eastus2.azmk8s.io`, `AzureCloud.eastus2`
 * or `AzureCloud.⟦parameters('location')⟧`. Literal regions must be known ones; a symbol is a region equal to itself.
 * Most frequent first.
 */
export function candidateRegions(
  policy: Policy,
  requirements: readonly Requirement[],
  { regions: known, regionOfTag }: Pick<EndpointFacts, 'regions' | 'regionOfTag'>,
): readonly string[] {
  const frames = framesOf(requirements);
  const isFramed = anyOf(frames);
  const counts = new Map<string, number>();
  for (const rule of policy.rules) {
    if (rule.action !== 'allow') continue;
    for (const destination of rule.destinations) {
      if (destination.kind !== 'name' && destination.kind !== 'service-tag') continue;
      const written = destination.kind === 'name' ? destination.pattern : destination.tag;
      const text = written.toLowerCase();
      if (!isFramed.test(text)) continue;
      for (const { before, after } of frames.filter((frame) => fits(text, frame))) {
        // Symbols keep their spelling: two that differ in case may differ in value.
        const region = written.slice(before.length, written.length - after.length);
        const name = hasSymbol(region) ? region : destination.kind === 'name' ? region : regionOfTag(region);
        if (hasSymbol(region) ? region.startsWith('⟦') && region.endsWith('⟧') : known.has(name)) {
          counts.set(name, (counts.get(name) ?? 0) + 1);
        }
      }
    }
  }
  return [...counts.entries()].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([region]) => region);
}

interface Frame {
  readonly before: string;
  readonly after: string;
}

function fits(text: string, { before, after }: Frame): boolean {
  return text.endsWith(after) && text.startsWith(before) && text.length > before.length + after.length;
}

/** Most names of a policy fit no frame: one expression says so faster than a look at each frame. */
function anyOf(frames: readonly Frame[]): RegExp {
  const alternatives = frames.map(
    ({ before, after }) => `${literalPattern(before)}.+${literalPattern(after)}`,
  );
  return new RegExp(`^(?:${alternatives.join('|')})$`, 's');
}

function framesOf(requirements: readonly Requirement[]): Frame[] {
  const frames = new Map<string, Frame>();
  for (const { targets } of requirements) {
    for (const { destination } of targets) {
      const at = destination.indexOf(UNNAMED_REGION);
      if (at < 0) continue;
      const before = destination.slice(0, at).toLowerCase();
      const after = destination.slice(at + UNNAMED_REGION.length).toLowerCase();
      frames.set(`${before}|${after}`, { before, after });
    }
  }
  return [...frames.values()];
}
