import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CONSOLE,
  consoleExpressions,
  evaluateWithTerraform,
  hasTerraform,
} from '../../../scripts/terraform-console.js';
import { jsonText } from '../../../src/parsers/terraform/functions/json.ts';
import { evaluatorOf } from './evaluator.ts';

const expressions = consoleExpressions();
const recorded = JSON.parse(readFileSync(join(CONSOLE, 'results.json'), 'utf8')) as Record<string, string>;

describe('the evaluator of expressions', () => {
  const evaluated = evaluatorOf('fixtures/terraform/console');

  it('is held to at least 200 expressions', () => {
    expect(expressions.length).toBeGreaterThanOrEqual(200);
    expect(Object.keys(recorded)).toEqual(expressions);
  });

  it.each(expressions)('makes of %s what terraform console makes of it', (expression) => {
    expect(jsonText(evaluated(expression))).toBe(recorded[expression]);
  });
});

describe.skipIf(!hasTerraform())('the recorded results (needs terraform on the PATH)', () => {
  it('are those of the terraform at hand', () => {
    const results = evaluateWithTerraform(expressions);
    expect(Object.fromEntries(expressions.map((one, at) => [one, results[at]]))).toEqual(recorded);
  });
});
