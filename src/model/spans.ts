/**
 * Sets of numbers as sorted, disjoint, non-touching half-open intervals `[from, end)`.
 * Ports and IPv4 addresses use `number`, IPv6 addresses `bigint`; half-open ends need comparison only, so one
 * algebra serves both.
 */
export type Span<T extends number | bigint = number> = readonly [from: T, end: T];
export type Spans<T extends number | bigint = number> = readonly Span<T>[];

/** Any intervals, in any order, overlapping or not, to the normal form. */
export function normalise<T extends number | bigint>(spans: readonly Span<T>[]): Spans<T> {
  // Most lists of sources, destinations and ports have one member.
  if (spans.length <= 1 && spans.every(isFilled)) return spans;
  const sorted = spans.filter(isFilled);
  sorted.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  const result: [T, T][] = [];
  for (const [from, end] of sorted) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) {
      if (end > last[1]) last[1] = end;
    } else {
      result.push([from, end]);
    }
  }
  return result;
}

function isFilled<T extends number | bigint>(span: Span<T>): boolean {
  return span[0] < span[1];
}

export function unite<T extends number | bigint>(a: Spans<T>, b: Spans<T>): Spans<T> {
  if (a.length === 0) return b;
  if (b.length === 0 || a === b) return a;
  return normalise([...a, ...b]);
}

export function intersect<T extends number | bigint>(a: Spans<T>, b: Spans<T>): Spans<T> {
  const result: Span<T>[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const x = a[i];
    const y = b[j];
    if (x === undefined || y === undefined) return result;
    const from = x[0] > y[0] ? x[0] : y[0];
    const end = x[1] < y[1] ? x[1] : y[1];
    if (from < end) result.push([from, end]);
    if (x[1] < y[1]) i++;
    else j++;
  }
}

/** What of `a` is not in `b`. */
export function subtract<T extends number | bigint>(a: Spans<T>, b: Spans<T>): Spans<T> {
  if (a.length === 0 || b.length === 0) return a;
  const result: Span<T>[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i++) {
    const span = a[i];
    if (span === undefined) break;
    const end = span[1];
    let from = span[0];
    while (j < b.length) {
      const cut = b[j];
      if (cut === undefined || cut[0] >= end) break;
      if (cut[1] <= from) {
        j++;
        continue;
      }
      if (cut[0] > from) result.push([from, cut[0]]);
      if (cut[1] >= end) {
        from = end;
        break;
      }
      from = cut[1];
      j++;
    }
    if (from < end) result.push([from, end]);
  }
  return result;
}

export function contains<T extends number | bigint>(a: Spans<T>, b: Spans<T>): boolean {
  if (b.length === 0) return true;
  const only = a[0];
  // The usual question: are these all inside one range?
  if (only !== undefined && a.length === 1)
    return b.every((span) => only[0] <= span[0] && span[1] <= only[1]);
  const one = b[0];
  if (one !== undefined && b.length === 1) return holds(a, one[0], one[1]);
  return subtract(b, a).length === 0;
}

/** Position of the last span that begins at the number or before; -1 where none does. */
function lastFrom<T extends number | bigint>(spans: Spans<T>, at: T): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const span = spans[middle];
    if (span !== undefined && span[0] <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function overlaps<T extends number | bigint>(a: Spans<T>, b: Spans<T>): boolean {
  const one = a[0];
  // One range against the hundreds of a service tag.
  if (one !== undefined && a.length === 1 && b.length > 8) return meets(b, one[0], one[1]);
  let i = 0;
  let j = 0;
  for (;;) {
    const x = a[i];
    const y = b[j];
    if (x === undefined || y === undefined) return false;
    if (x[0] < y[1] && y[0] < x[1]) return true;
    if (x[1] < y[1]) i++;
    else j++;
  }
}

/** Is all of `[from, end)` in the set? */
export function holds<T extends number | bigint>(spans: Spans<T>, from: T, end: T): boolean {
  const around = spans[lastFrom(spans, from)];
  return around !== undefined && end <= around[1];
}

/** Is any of `[from, end)` in the set? */
export function meets<T extends number | bigint>(spans: Spans<T>, from: T, end: T): boolean {
  const before = lastFrom(spans, from);
  const around = spans[before];
  const next = spans[before + 1];
  return (around !== undefined && from < around[1]) || (next !== undefined && next[0] < end);
}
