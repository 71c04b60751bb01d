/** The study's random splits: 80/20, stratified, whole groups (patients) on one side; the same for every method and ratio. */
import { Stream } from '../random.js';
import { stratifiedSplit } from '../table/split.js';
import type { Dataset } from '../table/table.js';

export interface Split {
  readonly train: Uint32Array; // ascending row indices
  readonly test: Uint32Array;
}

/** Split `index` (0-based) of a data set in a study of this seed. */
export function splitOf(data: Dataset, seed: number, index: number): Split {
  const stream = Stream.fromSeed(seed).child(data.name).child('split').child(index);
  return stratifiedSplit(data, stream);
}
