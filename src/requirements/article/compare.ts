import { CLOUDS } from '../../profile/facts.ts';
import type { Cloud } from '../../model/policy.ts';
import { catalogueArticle, type CatalogueArticle, type CatalogueTable } from './catalogue.ts';
import type { Comparison } from './difference.ts';
import { Differences } from './differences.ts';
import { matchTables, sameHeading, type Pair, type ReadTable } from './match.ts';
import { readArticle, type ReadArticle } from './read.ts';

/** Why a text is no copy of the article that can be compared; finished sentences. */
export class WrongArticle extends Error {
  override readonly name = 'WrongArticle';
}

/** Compares a copy of the article with the catalogue. Throws a WrongArticle for a text that is something else. */
export function compareArticle(text: string, catalogue: CatalogueArticle = catalogueArticle()): Comparison {
  const article = readArticle(text);
  const pairs = matchTables(catalogue.tables, article.tables);
  refuseOthers(article, catalogue, pairs);
  const isOurLanguage =
    pairs.filter((pair) => sameHeading(pair.old.headings.at(-1), pair.new.headings.at(-1))).length * 4 >=
    pairs.length;
  const found = new Differences(catalogue, article, pairs, isOurLanguage);
  const { document, url, date, read, download } = catalogue;
  return {
    ...(article.date === undefined ? {} : { date: article.date }),
    catalogue: { document, url, date, read, download },
    same: found.same,
    differences: found.inOrder(),
    notes: notesOf(article, date, isOurLanguage),
  };
}

function refuseOthers(
  article: ReadArticle,
  { document, tables }: CatalogueArticle,
  pairs: readonly Pair<CatalogueTable, ReadTable>[],
): void {
  if (article.tables.length === 0) {
    const [unread] = article.unread;
    const hint =
      unread === undefined ? '' : ` Something on line ${unread.line} looks like one: ${unread.why}`;
    throw new WrongArticle(`it has no table that names hosts and ports.${hint}`);
  }
  const title = article.title === undefined ? '' : ` It calls itself '${article.title}'.`;
  if (pairs.length === 0) {
    const count = article.tables.length;
    throw new WrongArticle(
      `none of its ${count === 1 ? 'tables' : `${count} tables`} about endpoints is one of '${document}'.${title}`,
    );
  }
  const share = (cloud: Cloud): number => {
    const own = tables.filter((table) => table.cloud === cloud);
    return own.filter((table) => pairs.some((pair) => pair.old === table)).length / own.length;
  };
  const [others] = CLOUDS.filter((cloud) => cloud !== 'AzureCloud' && share(cloud) >= 0.5);
  // The network rules of the clouds look alike, so that one table of the public cloud may seem to be there.
  if (others !== undefined && share('AzureCloud') <= 0.25) {
    throw new WrongArticle(
      `it is an edition for ${others}: the tables of AzureCloud are missing, and the catalogue follows the edition that has those of every cloud.${title}`,
    );
  }
}

function notesOf(article: ReadArticle, known: string, isOurLanguage: boolean): string[] {
  return [
    ...(article.date === undefined || article.date >= known
      ? []
      : [
          `The copy is of ${article.date}, older than the one of ${known} that the catalogue follows: what seems removed or changed may be what came since.`,
        ]),
    ...(isOurLanguage
      ? []
      : [
          'The headings are not those of the English article, so tables were told by their content and order, and headings and purposes were not compared.',
        ]),
  ];
}
