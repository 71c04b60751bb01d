/** Whether a study's splits leave every method enough to learn from: said before the first cell runs. */
import { InputError } from '../errors.js';
import type { Dataset } from '../table/table.js';
import { splitOf } from './splits.js';

/** Without two rows of the rare class there is nothing to vary. A method that needs more fails in its cells, and the others go on. */
const FEWEST = 2;

/**
 * Looks whether the first `splits` splits of a study of this seed leave rows enough of each class; `file` is what messages call the table.
 *
 * @throws {InputError} where there are too few rows of a class, over all or in a part of a split.
 */
export function checkSplits(data: Dataset, file: string, seed: number, splits: number): void {
  const classes = [
    { y: 1, label: data.target.positive, rows: FEWEST, who: `every method needs at least ${FEWEST}` },
    { y: 0, label: data.target.negative, rows: 1, who: 'a classifier needs at least 1' },
  ];
  for (const { y, label, rows, who } of classes) {
    const what = `with ${data.target.column} = ${label}`;
    const all = count(data.y, y);
    if (all <= rows) throw new InputError(`${file}: ${rowsOf(all)} ${what}, ${who} to train on and 1 more to test on; add such rows`);
    for (let index = 0; index < splits; index++) {
      const split = splitOf(data, seed, index);
      const train = count(data.y, y, split.train);
      if (train < rows) throw new InputError(`${file}: split ${index} leaves ${rowsOf(train)} ${what} to train on, ${who}; add such rows`);
      if (count(data.y, y, split.test) === 0)
        throw new InputError(`${file}: split ${index} leaves no row ${what} to test on; add such rows`);
    }
  }
}

const rowsOf = (n: number): string => `${n} ${n === 1 ? 'row' : 'rows'}`;

function count(y: Uint8Array, value: number, rows?: Uint32Array): number {
  let n = 0;
  if (rows) for (const row of rows) n += y[row] === value ? 1 : 0;
  else for (const own of y) n += own === value ? 1 : 0;
  return n;
}
