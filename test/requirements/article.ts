import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cloud } from '../../src/model/policy.ts';

/** The article's tables, read from its text: cells end with `|`, wherever the lines break. */
const FOLDER = fileURLToPath(new URL('../../../shared/seed', import.meta.url));

export interface ArticleRow {
  /** `T02.03` */
  readonly row: string;
  readonly cells: readonly string[];
}

export function articleIsThere(): boolean {
  return existsSync(FOLDER);
}

export function articleRows(): ArticleRow[] {
  const text = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => readFileSync(join(FOLDER, name), 'utf8'))
    .join('\n');
  const lines = text.split('\n');
  const rows: ArticleRow[] = [];
  let table = 0;
  lines.forEach((line, at) => {
    if (!/^(?:---\|)+$/.test(line.trim())) return;
    table++;
    const columns = line.split('|').length - 1;
    const end = lines.findIndex((later, i) => i > at && !later.includes('|'));
    const cells = lines
      .slice(at + 1, end)
      .join(' ')
      .split('|')
      .slice(0, -1)
      .map((cell) => cell.trim());
    for (let i = 0; i < cells.length; i += columns) {
      const number = (i / columns + 1).toFixed().padStart(2, '0');
      rows.push({
        row: `T${table.toFixed().padStart(2, '0')}.${number}`,
        cells: cells.slice(i, i + columns),
      });
    }
  });
  return rows;
}

/** What the first cell names, in the data's spelling of placeholders. */
export function printedDestinations({ cells }: ArticleRow): string[] {
  const [cell = ''] = cells;
  const plain = cell
    .replaceAll(/<(?:location|region|cluster-region-name)>/gi, '<region>')
    .replaceAll('RegionCIDRs', '<region-cidrs>')
    .replaceAll('APIServerPublicIP', '<api-server-ip>')
    .replaceAll('CustomDNSIP', '<custom-dns-ip>')
    .replaceAll(/\(.*?\)/g, ' ');
  const found = plain.match(
    /<(?:region-cidrs|api-server-ip|custom-dns-ip)>|(?:\*\.)?(?:<region>|[A-Za-z0-9-]+)(?:\.(?:<region>|[A-Za-z0-9-]+))+|AzureMonitor(?=:)|\*(?=:)/g,
  );
  return [...new Set(found ?? [])].sort();
}

/** Of a cell that prints one host for each cloud, marked "(Azure Government)" and "(… 21Vianet …)" or told by its domain. */
export function printedDestinationsByCloud({ cells }: ArticleRow): Readonly<Record<Cloud, string>> {
  const hosts = [...(cells[0] ?? '').matchAll(/([*a-z0-9.-]+\.[a-z]+)\s*(\([^)]*\))?/g)];
  const hostOf = (mark: RegExp, domain: RegExp): string =>
    hosts.find(([, host = '', text = '']) => mark.test(text) || (text === '' && domain.test(host)))?.[1] ??
    '';
  return {
    AzureCloud: hostOf(/^$/, /\.com$/),
    AzureChinaCloud: hostOf(/21Vianet/, /\.cn$/),
    AzureUSGovernment: hostOf(/Azure Government/, /\.us$/),
  };
}

/** `HTTPS`, `HTTP`, `TCP` or `UDP` and the port; the tables for Azure Monitor print the port alone. */
export function printedService({ cells }: ArticleRow): string {
  const [destination = '', ...rest] = cells;
  const web = /\b(HTTPS?):\s*(\d+)/.exec(rest.join(' '));
  if (web !== null) return `${web[1] ?? ''} ${web[2] ?? ''}`;
  const protocol = /\b(TCP|UDP)/.exec(rest.join(' '))?.[1];
  const port = /:(\d+)/.exec(destination)?.[1] ?? rest.find((cell) => /^\d+$/.test(cell)) ?? '';
  return `${protocol ?? 'HTTPS'} ${port}`;
}
