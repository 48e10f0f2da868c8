/** " Did you mean 'x'?" where one candidate is near what was written, else the empty string. */
export function didYouMean(written: string, candidates: readonly string[]): string {
  const best = nearest(written, candidates);
  return best === undefined ? '' : ` Did you mean '${best}'?`;
}

/** The candidate with the fewest edits, at most a third of what was written; case and separators count for nothing. */
export function nearest(written: string, candidates: readonly string[]): string | undefined {
  const plain = simplify(written);
  let best: { name: string; distance: number } | undefined;
  for (const name of candidates) {
    const other = simplify(name);
    // An abbreviation is meant as such, however much is left out.
    const distance = plain.length >= 3 && other.startsWith(plain) ? 0.5 : editDistance(plain, other);
    if (distance < (best?.distance ?? 1 + Math.floor(Math.max(plain.length, 3) / 3)))
      best = { name, distance };
  }
  return best?.name;
}

function simplify(text: string): string {
  return text.toLowerCase().replaceAll(/[\s_-]/g, '');
}

/** Levenshtein's distance with adjacent transpositions as one edit. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      let value = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        value = Math.min(value, (before[j - 2] ?? 0) + 1);
      }
      row.push(value);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
