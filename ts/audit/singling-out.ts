/**
 * Singling out: predicates on a few columns that hold for exactly one synthetic row, and how often they hold for exactly one real one
 * (Giomi et al., PoPETs 2023, §5.1, multivariate). Dimensions: N rows.
 */
import { wilson } from '../metrics/privacy.js';
import type { Stream } from '../random.js';
import { type Column, isNumberColumn, type LevelColumn, type Table, takeRows } from '../table/table.js';
import { type Attack, attackOf } from './attacks.js';

const PREDICATES = 500;
const ATTEMPTS = 20 * PREDICATES;
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
  const [hits, tried] = [[0, 0], { count: 0 }];
  for (let attempt = 0; attempt < ATTEMPTS && tried.count < PREDICATES && synthetic.rows > 0; attempt++) {
    const row = draw.below(synthetic.rows);
    const chosen = draw.permutation(columns.length).slice(0, COLUMNS).sort();
    const tests = Array.from(chosen, (c) => [c, testOf(columns[c] as Compared, row)] as const);
    const key = tests.map(([c, { words }]) => `${c}${words}`).join('&');
    if (known.has(key)) continue;
    known.add(key);
    const holdsOnce = (side: 0 | 1 | 2) => countRows(columns, tests, side) === 1;
    if (!holdsOnce(0)) continue;
    tried.count++;
    if (holdsOnce(1)) hits[0] = (hits[0] as number) + 1;
    if (holdsOnce(2)) hits[1] = (hits[1] as number) + 1;
  }
  if (tried.count < FEWEST) return null;
  return attackOf(wilson(hits[0] as number, tried.count), wilson(hits[1] as number, tried.count));
}

/** Above the middle a number is asked to be at least as large, else at most as large; a level is asked for itself. */
function testOf({ ordered, middle, values }: Compared, row: number): { readonly words: string; readonly holds: Test } {
  const own = values[0][row] as number;
  if (Number.isNaN(own)) return { words: ' missing', holds: Number.isNaN };
  if (!ordered) return { words: `=${own}`, holds: (value) => value === own };
  return own >= middle ? { words: `>${own}`, holds: (value) => value >= own } : { words: `<${own}`, holds: (value) => value <= own };
}

/** Rows for which all tests hold, no further than two. */
function countRows(columns: readonly Compared[], tests: readonly (readonly [number, { holds: Test }])[], side: 0 | 1 | 2): number {
  const rows = columns[0]?.values[side].length ?? 0;
  let count = 0;
  for (let row = 0; row < rows && count < 2; row++) {
    if (tests.every(([c, { holds }]) => holds((columns[c] as Compared).values[side][row] as number))) count++;
  }
  return count;
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
