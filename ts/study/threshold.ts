/**
 * The threshold chosen inside the training part: a quarter of it is held out (whole groups together), the generator and the
 * classifiers are fitted once more on the rest, and the threshold with the highest F1 on the held-out rows is taken.
 */
import { InputError } from '../errors.js';
import type { Generator } from '../generate/generator.js';
import { bestThreshold } from '../metrics/classification.js';
import type { Stream } from '../random.js';
import { stratifiedSplit } from '../table/split.js';
import { type Dataset, takeDataset } from '../table/table.js';
import { augment, classCounts, fitGenerator } from './augment.js';
import type { CellRun } from './cell.js';
import { learn } from './learner.js';
import type { Method } from './methods.js';
import type { Split } from './splits.js';

const HELD_OUT = 0.25;

/**
 * Thresholds by classifier name; null where the training part is too small to hold a quarter of it out: a positive row on either side
 * is needed, and what the method needs on the side that it learns from. `split` is the stream of the study's split: all methods hold
 * out the same rows.
 */
export async function tunedThreshold(
  method: Method,
  train: Dataset,
  ratio: number,
  names: readonly string[],
  { split, own }: { readonly split: Stream; readonly own: Stream },
  run: CellRun,
): Promise<Map<string, number> | null> {
  if (method.treatment === 'tune') return null; // it brings its own
  const part = innerSplit(train, split.child('inner'));
  if (!part) return null;
  const inner = takeDataset(train, part.train);
  const heldOut = takeDataset(train, part.test);
  if (classCounts(inner.y).positive < (method.generator?.minMinority ?? 1)) return null;
  const fit = (generator: Generator) => fitGenerator(generator, inner, 'inner', split.child('inner fit'), run);
  const augmented = await augment(method, inner, ratio, fit, own.child('augment'), run);
  const thresholds = new Map<string, number>();
  for (const name of names) {
    const learner = await learn(method, name, augmented, inner, own, run);
    thresholds.set(name, bestThreshold(heldOut.y, await learner.predict(heldOut.features)));
  }
  return thresholds;
}

/** Null where no split puts both classes on both sides, for example when one patient holds all positive rows. */
function innerSplit(train: Dataset, stream: Stream): Split | null {
  try {
    return stratifiedSplit(train, stream, HELD_OUT);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
