import { describe, expect, test } from 'vitest';
import { settleCloud } from '../../src/parsers/index.ts';
import {
  applicationRule,
  collection,
  file,
  groupResource,
  policyResource,
  template,
  type Source,
} from './inputs.ts';

const withNames = (targetFqdns: string[], more: object = {}): Source => [
  'policy.json',
  template([
    policyResource('hub', {}, more),
    groupResource('hub/g', 200, [collection('c', 100, 'Allow', [applicationRule('1', { targetFqdns })])]),
  ]),
];
const cloudOf = (...sources: Source[]): string | undefined =>
  settleCloud(sources.map((source) => file(source)))?.cloud;

describe('the cloud that the files speak of', () => {
  test('is told by the strings of a Terraform file', () => {
    const text = 'locals {\n  hosts = ["*.hcp.chinaeast2.cx.prod.service.azk8s.cn", "mcr.azk8s.cn"]\n}\n';
    expect(cloudOf(['main.tf', text])).toBe('AzureChinaCloud');
  });

  test('is told by a host of one cloud only, with its place', () => {
    expect(
      settleCloud([file(withNames(['mcr.microsoft.com', '*.hcp.chinaeast2.cx.prod.service.azk8s.cn']))]),
    ).toEqual({
      cloud: 'AzureChinaCloud',
      from: 'inferred',
      path: 'policy.json',
      pointer: '/resources/1/properties/ruleCollections/0/rules/0/targetFqdns/1',
      hint: '*.hcp.chinaeast2.cx.prod.service.azk8s.cn',
    });
  });

  test.each([
    ['management.chinacloudapi.cn', 'AzureChinaCloud'],
    ['*.azure.cn', 'AzureChinaCloud'],
    ['management.usgovcloudapi.net', 'AzureUSGovernment'],
    ['*.hcp.usgovvirginia.cx.aks.containerservice.azure.us', 'AzureUSGovernment'],
    ['login.microsoftonline.us', 'AzureUSGovernment'],
    ['*.hcp.westeurope.azmk8s.io', undefined],
    ['notazure.us', undefined],
    ['azure.us.example.com', undefined],
  ])('%s: %s', (name, cloud) => {
    expect(cloudOf(withNames([name]))).toBe(cloud);
  });

  test('is told by a literal location and by the region of a service tag', () => {
    expect(cloudOf(withNames([], { location: 'chinanorth3' }))).toBe('AzureChinaCloud');
    expect(cloudOf(withNames([], { location: 'usgovarizona' }))).toBe('AzureUSGovernment');
    expect(cloudOf(['p.json', { destinationAddresses: ['AzureCloud.usgovvirginia'] }])).toBe(
      'AzureUSGovernment',
    );
    expect(cloudOf(withNames([], { location: 'westeurope' }))).toBeUndefined();
  });

  test('is not changed by one foreign host among more of its own', () => {
    expect(
      cloudOf(
        withNames(['management.azure.com', 'login.microsoftonline.com', 'management.chinacloudapi.cn']),
      ),
    ).toBeUndefined();
  });

  test('is open where two clouds are named equally often', () => {
    expect(
      cloudOf(withNames(['management.usgovcloudapi.net', 'management.chinacloudapi.cn'])),
    ).toBeUndefined();
  });

  test('is open where the files cannot be read: that is told when they are parsed', () => {
    expect(cloudOf(['x.json', '{"a": "management.chinacloudapi.cn"'])).toBeUndefined();
    expect(settleCloud([{ path: 'x', bytes: new Uint8Array([0xff, 0xff]) }])).toBeUndefined();
    expect(cloudOf()).toBeUndefined();
  });
});
