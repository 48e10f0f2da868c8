import type { Place } from '../../../model/place.ts';
import type { Unknown } from '../../../model/symbol.ts';
import type { ObjectValue } from '../../value.ts';

/** One managed resource, whether it was evaluated from a configuration or read from a plan or state. */
export interface TerraformResource {
  readonly type: string;
  readonly name: string;
  /** `module.hub.azurerm_ip_group.aks["nodes"]` */
  readonly address: string;
  /** By the provider's names; each kind of block is a list. */
  readonly attributes: ObjectValue;
  readonly place: Place;
  /** It exists only if a condition holds that could not be evaluated. */
  readonly conditional?: Unknown | undefined;
  /** Tells the root module from others of the run; absent where there is one. */
  readonly unit?: string;
}
