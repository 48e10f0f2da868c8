import { describe, expect, test } from 'vitest';
import { vendorOf } from '../../../src/parsers/appliance/detect.ts';

const SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';

describe('an export in JSON', () => {
  test.each([
    ['{"objects-dictionary": [], "rulebase": []}', 'checkpoint'],
    ['{"results": [{"policyid": 1}]}', 'fortios'],
    ['{"$schema": "https://example.com/other.json", "access-rule": []}', 'checkpoint'],
    ['{"properties": {"ruleCollections": []}}', undefined],
  ])('%s is told by its members', (text, vendor) => {
    expect(vendorOf(text)).toBe(vendor);
  });

  test.each(['', '\uFEFF', ' \r\n'])('is never a template, whatever its texts say, after %j', (before) => {
    const text = `${before}{\n  "$schema": "${SCHEMA}",\n  "access-rule": "q_origin_key"\n}`;
    expect(vendorOf(text)).toBeUndefined();
  });
});
