import { expect, it } from 'vitest';
import { cpuTimeOf } from '../../cpu-time.ts';
import { destinations, policyWith, useFolder } from './folder.ts';

const folder = useFolder();
const MODULES = 24;
const HOSTS = 62;

/** A module with rules of its own, about 130 lines: variables, a loop, a nested call and a list of names. */
function moduleText(at: number): string {
  const names = Array.from(
    { length: HOSTS },
    (_, n) => `  'host${n}.team${at}.example' // needed by team ${at}`,
  );
  const functions = Array.from(
    { length: 10 },
    (_, n) => `@description('number ${n}')\nparam p${n} string = 'p${n}-\${name}'\n`,
  );
  const rest = `param name string
${functions.join('')}
var suffixes = [for n in range(0, 3): '\${p0}-\${n}']
var own = [
${names.join('\n')}
]
output hosts array = concat(own, map(suffixes, s => '\${toLower(s)}.example'))
`;
  return policyWith('concat(own, suffixes)', rest).replace("name: 'hub'", "name: 'hub-${name}'");
}

it('a tree of modules of 3,000 lines is read in less than a second of CPU time', async () => {
  const calls = Array.from({ length: MODULES }, (_, at) => {
    folder.write(`modules/m${at}.bicep`, moduleText(at));
    const hosts = at === 0 ? "'first'" : `last(m${at - 1}.outputs.hosts)`;
    return `module m${at} 'modules/m${at}.bicep' = {\n  name: 'm${at}'\n  params: {\n    name: 'team${at}'\n    p0: ${hosts}\n  }\n}\n`;
  });
  folder.write('main.bicep', calls.join('\n'));
  const lines = (moduleText(0).split('\n').length - 1) * MODULES + calls.join('\n').split('\n').length;
  expect(lines).toBeGreaterThan(3000);
  // Once before, so that the modules of the program are loaded.
  await folder.parse({ names: ['modules/m0.bicep'] });
  let found: string[] = [];
  const milliseconds = await cpuTimeOf(async () => {
    found = destinations(await folder.parse({ names: ['main.bicep'] }));
  });
  expect(found).toHaveLength(MODULES * (HOSTS + 3));
  expect(milliseconds).toBeLessThan(1000);
});
