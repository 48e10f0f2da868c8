import type { InputFormat } from '../../model/format.ts';
import type { Place } from '../../model/place.ts';
import { field, textOf, wordOf } from '../azure-firewall/fields.ts';
import type { ArrayValue, Member, ObjectValue, Value } from '../value.ts';

/** The resources of an export, and where the export says that it is only a part. */
export interface Elements {
  readonly format: InputFormat | '';
  readonly items: readonly Value[];
  /** The link or token of the next page. */
  readonly more?: Place;
}

/**
 * Opens what holds resources: a plain array, a REST or PowerShell list, the answer of a Resource Graph query, a what-if
 * result. An object that is none of these is one resource itself. `format` is '' where each item tells it.
 */
export function openContainer(value: ArrayValue | ObjectValue): Elements {
  if (value.kind === 'array') return { format: '', items: value.items };
  const list = field(value, 'value');
  if (list?.kind === 'array')
    return { format: 'rest-list', items: list.items, ...continued(value, 'nextlink') };
  const data = field(value, 'data');
  if (data !== undefined) {
    const items = data.kind === 'array' ? data.items : data.kind === 'object' ? tableRows(data) : undefined;
    if (items !== undefined) {
      return {
        format: 'resource-graph',
        items,
        ...continued(value, '$skiptoken', 'skiptoken', 'skip_token'),
      };
    }
  }
  const properties = field(value, 'properties');
  const changes =
    field(value, 'changes') ?? (properties?.kind === 'object' ? field(properties, 'changes') : undefined);
  if (changes?.kind === 'array') return { format: 'what-if', items: changes.items.flatMap(resultOfChange) };
  return { format: '', items: [value] };
}

function continued(object: ObjectValue, ...names: [string, string?, string?]): { more?: Place } {
  const value = field(object, ...names);
  return value === undefined || textOf(value) === '' ? {} : { more: value.place };
}

/** Resource Graph's table form: `{columns: [{name}], rows: [[…]]}`. */
function tableRows(table: ObjectValue): readonly Value[] | undefined {
  const columns = field(table, 'columns');
  const rows = field(table, 'rows');
  if (columns?.kind !== 'array' || rows?.kind !== 'array') return undefined;
  const names = columns.items.map((column) =>
    textOf(column.kind === 'object' ? field(column, 'name') : column),
  );
  return rows.items.flatMap((row): ObjectValue[] => {
    if (row.kind !== 'array') return [];
    const members = new Map<string, Member>();
    row.items.forEach((value, index) => {
      const name = names[index];
      if (name !== undefined) members.set(name.toLowerCase(), { name, value });
    });
    return [{ kind: 'object', members, place: row.place }];
  });
}

/** What a deployment leaves behind: https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-what-if */
function resultOfChange(change: Value): Value[] {
  if (change.kind !== 'object' || wordOf(field(change, 'changetype')) === 'delete') return [];
  const result = field(change, 'after') ?? field(change, 'before');
  return result === undefined ? [] : [result];
}
