import { expect, test } from 'vitest';
import { settleCloud } from '../../src/parsers/index.ts';
import { file, template } from './inputs.ts';

test('a table with a line per cloud does not tell which cloud it is', () => {
  const variables = {
    suffixes: { AzureCloud: 'wvd.microsoft.com', AzureUSGovernment: 'wvd.azure.us' },
    region: { azurechinacloud: ['chinanorth2'], AzureUSGovernment: { name: 'usgovvirginia' } },
  };
  expect(settleCloud([file(['t.json', template([], { variables })])])).toBeUndefined();
});

test('what stands beside such a table still does', () => {
  const variables = { suffixes: { AzureCloud: 'azure.com' }, location: 'usgovvirginia' };
  expect(settleCloud([file(['t.json', template([], { variables })])])?.pointer).toBe('/variables/location');
});
