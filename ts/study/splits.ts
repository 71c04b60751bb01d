/** The study's random splits: 80/20, stratified, whole groups (patients) on one side; the same for every method and ratio. */
import { Stream } from '../random.js';
import { stratifiedSplit } from '../table/split.js';
import type { Dataset } from '../table/table.js';

export interface Split {
  readonly train: Uint32Array; // ascending row indices
  readonly test: Uint32Array;
}

/**
 * Split `index` (0-based) of a data set in a study of this seed: a fifth of the rows to test on, classes in the same share in both parts, no
 * group part in a split; see {@link stratifiedSplit}.
 *
 * @throws {InputError} for too few rows or groups of a class.
 */
export function splitOf(data: Dataset, seed: number, index: number): Split {
  const stream = Stream.fromSeed(seed).child(data.name).child('split').child(index);
  return stratifiedSplit(data, stream);
}
