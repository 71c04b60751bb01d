/**
 * Singling out: predicates on a few columns that hold for exactly one synthetic row, and how often they hold for exactly one real one
 * (Giomi et al., PoPETs 2023, §5.1, multivariate). Dimensions: N rows.
 */
import { type Rate, wilson } from '../metrics/privacy.js';
import type { Stream } from '../random.js';
import { type Column, isNumberColumn, type LevelColumn, type Table, takeRows } from '../table/table.js';
import { type Attack, attackOf } from './attacks.js';

const PREDICATES = 2000;
const ATTEMPTS = 10 * PREDICATES;
/** Columns of a predicate. */
const COLUMNS = 3;
const FEWEST = 20;

/** A column of the three tables as comparable numbers; NaN = missing. */
interface Compared {
  readonly ordered: boolean;
  readonly middle: number;
  readonly values: readonly [Float64Array, Float64Array, Float64Array]; // synthetic, training, held out
}

/** How a predicate asks of one column. */
type Test = (value: number) => boolean;

/** How likely one row is singled out depends on how many there are: training and held-out rows are judged at equal numbers. */
export function singleOut(synthetic: Table, training: Table, holdout: Table, stream: Stream): Attack | null {
  const each = Math.min(training.rows, holdout.rows);
  const part = (table: Table, name: string) => takeRows(table, stream.child(name).permutation(table.rows).slice(0, each).sort());
  const columns = compared(synthetic, part(training, 'training'), part(holdout, 'holdout'));
  const draw = stream.child('predicates');
  const known = new Set<string>();
  const hits = [new Float64Array(each), new Float64Array(each)] as const; // of each training and each held-out row
  let tried = 0;
  for (let attempt = 0; attempt < ATTEMPTS && tried < PREDICATES && synthetic.rows > 0; attempt++) {
    const row = draw.below(synthetic.rows);
    const chosen = draw.permutation(columns.length).slice(0, COLUMNS).sort();
    const tests = Array.from(chosen, (c) => [c, testOf(columns[c] as Compared, row)] as const);
    const key = tests.map(([c, { words }]) => `${c}${words}`).join('&');
    if (known.has(key)) continue;
    known.add(key);
    if (onlyRow(columns, tests, 0) < 0) continue;
    tried++;
    for (const side of [1, 2] as const) {
      const found = onlyRow(columns, tests, side);
      const own = hits[side - 1] as Float64Array;
      if (found >= 0) own[found] = (own[found] as number) + 1;
    }
  }
  return tried < FEWEST ? null : attackOf(hitRate(hits[0], tried), hitRate(hits[1], tried));
}

/**
 * Predicates that find the same row are no independent trials: a patient at the edge is found by many. The interval is that of
 * Σ h / Σ h² as many trials, h the hits of a row (Kish's design effect).
 */
function hitRate(hits: Float64Array, tried: number): Rate {
  const total = hits.reduce((sum, own) => sum + own, 0);
  const effect = total > 0 ? hits.reduce((sum, own) => sum + own * own, 0) / total : 1;
  return wilson(total, tried, effect);
}

/** Above the middle a number is asked to be at least as large, else at most as large; a level is asked for itself. */
function testOf({ ordered, middle, values }: Compared, row: number): { readonly words: string; readonly holds: Test } {
  const own = values[0][row] as number;
  if (Number.isNaN(own)) return { words: ' missing', holds: Number.isNaN };
  if (!ordered) return { words: `=${own}`, holds: (value) => value === own };
  return own >= middle ? { words: `>${own}`, holds: (value) => value >= own } : { words: `<${own}`, holds: (value) => value <= own };
}

/** The row for which all tests hold, −1 where that is none or several. */
function onlyRow(columns: readonly Compared[], tests: readonly (readonly [number, { holds: Test }])[], side: 0 | 1 | 2): number {
  const rows = columns[0]?.values[side].length ?? 0;
  let found = -1;
  for (let row = 0; row < rows; row++) {
    if (!tests.every(([c, { holds }]) => holds((columns[c] as Compared).values[side][row] as number))) continue;
    if (found >= 0) return -1;
    found = row;
  }
  return found;
}

function compared(synthetic: Table, training: Table, holdout: Table): Compared[] {
  return synthetic.columns.map((column) => {
    const sides = [synthetic, training, holdout].map((table) => table.columns.find(({ name }) => name === column.name) as Column);
    const levels = isNumberColumn(column) ? [] : [...new Set(sides.flatMap((side) => (side as LevelColumn).levels))];
    const values = sides.map((side) =>
      isNumberColumn(side)
        ? side.values
        : Float64Array.from((side as LevelColumn).codes, (code) =>
            code < 0 ? Number.NaN : levels.indexOf((side as LevelColumn).levels[code] as string),
          ),
    ) as [Float64Array, Float64Array, Float64Array];
    const present = values[0].filter((value) => !Number.isNaN(value)).sort();
    return { ordered: isNumberColumn(column), middle: present[present.length >> 1] ?? Number.NaN, values };
  });
}
