/** Dates in cells: which order of day and month they are written in, or that nobody can tell. */

const DATE =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].{1,30})?$|^(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?:[T ].{1,30})?$|^(\d{4})\/(\d{1,2})\/(\d{1,2})(?:[T ].{1,30})?$/;
const TIME = /^\d{1,2}:\d{2}(?::\d{2})?$/;

/** 2026-11-24, 24.11.2026, 11/24/26, each perhaps with a time; 13:45. */
export const isDate = (text: string): boolean => DATE.test(text.trim()) || TIME.test(text.trim());

export interface DateOrder {
  readonly words: string;
  /** Which of the texts told the order; null where none was needed. */
  readonly toldBy: number | null;
  readonly certain: boolean;
}

/** The order in which the dates of a column are written. */
export function dateOrder(texts: readonly string[]): DateOrder {
  let dayFirst: number | null = null;
  let monthFirst: number | null = null;
  let either = false;
  for (const [i, text] of texts.entries()) {
    const found = DATE.exec(text.trim());
    if (!found || found[4] === undefined) continue;
    either = true;
    if (Number(found[4]) > 12) dayFirst ??= i;
    if (Number(found[5]) > 12) monthFirst ??= i;
  }
  if (!either) return { words: 'year, month, day', toldBy: null, certain: true };
  if (dayFirst !== null && monthFirst !== null)
    return { words: 'some day/month/year and some month/day/year', toldBy: monthFirst, certain: false };
  if (dayFirst !== null) return { words: 'day/month/year', toldBy: dayFirst, certain: true };
  if (monthFirst !== null) return { words: 'month/day/year', toldBy: monthFirst, certain: true };
  return { words: 'day/month/year or month/day/year, which cannot be told apart', toldBy: null, certain: false };
}
