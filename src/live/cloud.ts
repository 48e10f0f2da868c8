import { environmentOf } from '../azure/environments.ts';
import type { Cloud } from '../model/policy.ts';
import type { Named } from './targets.ts';

/** Where Azure Resource Manager of a cloud is, and who gives tokens for it. */
export interface ArmCloud {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly scope: string;
  /** Undefined leaves it to the credential: AZURE_AUTHORITY_HOST, else the public cloud. */
  readonly authority: string | undefined;
}

/**
 * @param endpoint of --arm-endpoint: Azure Stack, or a gateway before Azure
 * @param audience of --arm-audience: for whom tokens are, where that is not the cloud's own
 */
export function armCloud(cloud: Cloud, endpoint: Named | undefined, audience: Named | undefined): ArmCloud {
  const { resourceManager, authentication } = environmentOf(cloud);
  const own = trimmed(String(resourceManager));
  return {
    endpoint: endpoint === undefined ? own : httpsUrl(endpoint),
    scope: `${audience === undefined ? own : httpsUrl(audience)}/.default`,
    authority: cloud === 'AzureCloud' ? undefined : loginEndpoint(authentication),
  };
}

function loginEndpoint(authentication: unknown): string {
  return typeof authentication === 'object' && authentication !== null && 'loginEndpoint' in authentication
    ? trimmed(String(authentication.loginEndpoint))
    : '';
}

/** The clients send tokens over nothing else. */
function httpsUrl({ text, complain }: Named): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.username === '' && url.search === '' && url.hash === '') {
    return trimmed(url.href);
  }
  throw complain(`'${text}' is no address of the form https://management.example.com.`);
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}
