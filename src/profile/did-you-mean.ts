/** " Did you mean 'x'?" where one candidate is near what was written, else the empty string. */
export function didYouMean(written: string, candidates: readonly string[]): string {
  const best = nearest(written, candidates);
  return best === undefined ? '' : ` Did you mean '${best}'?`;
}

/**
 * The candidate with the fewest edits, at most a third of what was written; the first of several. Case, spaces, hyphens and
 * underscores count for nothing.
 */
export function nearest(written: string, candidates: readonly string[]): string | undefined {
  const plain = simplify(written);
  let limit = Math.floor(Math.max(plain.length, 3) / 3);
  let best: string | undefined;
  for (const name of candidates) {
    const distance = editDistance(plain, simplify(name), limit);
    if (distance > limit) continue;
    best = name;
    limit = distance - 1;
  }
  return best;
}

function simplify(text: string): string {
  return text.toLowerCase().replaceAll(/[\s_-]/g, '');
}

/** Levenshtein's distance with adjacent transpositions as one edit; any number above `limit` once it must exceed it. */
export function editDistance(a: string, b: string, limit = Infinity): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let value = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, (before[j - 2] ?? 0) + 1);
      }
      row.push(value);
      least = Math.min(least, value);
    }
    if (least > limit) return limit + 1;
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
