export const MAX_PORT = 65_535;

/** With explicit ports, Any means TCP and UDP; with every port it also means ICMP and the rest. */
export function hasEveryPort({ from, to }: { readonly from: number; readonly to: number }): boolean {
  return from <= 1 && to === MAX_PORT;
}

/** `443`, `8000-8010`, both ends included; undefined for anything else. */
export function portRange(text: string): readonly [from: number, to: number] | undefined {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  if (first === undefined) return undefined;
  const from = Number(first);
  const to = Number(last);
  return from <= to && to <= MAX_PORT ? [from, to] : undefined;
}
