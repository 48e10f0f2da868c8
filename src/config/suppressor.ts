import { isDate } from './date.ts';
import {
  hasLapsed,
  RuleLookup,
  type Suppressible,
  type SuppressedBy,
  type Suppression,
} from './suppression.ts';

/** Holds findings against the suppressions of one run, and keeps which of them were used. */
export class Suppressor {
  readonly #all: readonly Suppression[];
  readonly #byCheck = new Map<string, Suppression[]>();
  readonly #used = new Map<Suppression, number>();
  readonly #today: string;
  readonly #rules = new RuleLookup();

  /** @param today `YYYY-MM-DD` */
  constructor(suppressions: readonly Suppression[], today: string) {
    this.#all = suppressions;
    this.#today = today;
    for (const suppression of suppressions) {
      const known = this.#byCheck.get(suppression.check);
      if (known === undefined) this.#byCheck.set(suppression.check, [suppression]);
      else known.push(suppression);
    }
  }

  /** Why the finding does not count; undefined where it does. */
  suppress(finding: Suppressible): SuppressedBy | undefined {
    let by: SuppressedBy | undefined;
    for (const suppression of this.#byCheck.get(finding.check) ?? []) {
      if (!suppression.covers(finding, this.#rules)) continue;
      this.#used.set(suppression, (this.#used.get(suppression) ?? 0) + 1);
      if (by !== undefined || hasLapsed(suppression, this.#today)) continue;
      const { kind, reason, until } = suppression;
      by = { kind, reason, ...(until === undefined ? {} : { until }) };
    }
    return by;
  }

  /** Suppressions that hold no longer, whether they would match or not; finished sentences. */
  lapsed(): string[] {
    return this.#all
      .filter((suppression) => hasLapsed(suppression, this.#today))
      .map((suppression) => {
        const { where, check, reason, until = '' } = suppression;
        const count = this.#used.get(suppression) ?? 0;
        const when = isDate(until)
          ? `lapsed after ${until}`
          : `counts as lapsed, since '${until}' is no day (YYYY-MM-DD)`;
        const effect =
          count === 0
            ? 'It matches nothing'
            : `${count} ${count === 1 ? 'finding counts' : 'findings count'} again`;
        return `${where}: the suppression of ${check} ${when}. ${effect}. Its reason was: ${reason}`;
      });
  }

  /**
   * Suppressions in force that match nothing; finished sentences.
   * @param paths of the run's inputs
   */
  unused(paths: readonly string[]): string[] {
    const unused = this.#all.filter(
      (suppression) => !this.#used.has(suppression) && !hasLapsed(suppression, this.#today),
    );
    const inReach = unused.filter((suppression) => suppression.isInReach(paths));
    const others = unused.filter((suppression) => !inReach.includes(suppression)).map(({ where }) => where);
    return [
      ...inReach.map(
        ({ where, check }) => `${where}: the suppression of ${check} matches nothing; remove it.`,
      ),
      ...(others.length === 0
        ? []
        : [
            `${others.length} ${others.length === 1 ? 'suppression matches nothing: it is' : 'suppressions match nothing: they are'} ` +
              `about files that are not in this run (${others.join(', ')}).`,
          ]),
    ];
  }
}
