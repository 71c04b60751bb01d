/**
 * The blend: half of the learners are trained on the real rows, half with fresh synthetic minority rows each, as many as there
 * are real ones. The mean of the augmented half is corrected for the prior that its rows had (Saerens et al. 2002), and the
 * halves are averaged. Many draws do not commit the model to the accidents of one. Dimensions: N real rows, of which P are
 * positive, D features, L learners of a half.
 */
import { type Turn, turnsFor } from '../backend/turns.js';
import { boosting } from '../classify/boosting.js';
import type { Classifier } from '../classify/classifier.js';
import { forest } from '../classify/forest.js';
import { type FeatureEncoder, type FeatureMatrix, fitFeatures } from '../encode/features.js';
import { InputError } from '../errors.js';
import type { Sampler } from '../generate/generator.js';
import { priorShift } from '../metrics/calibration.js';
import type { Stream } from '../random.js';
import type { Dataset, Table } from '../table/table.js';
import { classCounts } from './augment.js';
import type { CellRun } from './cell.js';

/** How many models the augmented half has, each with a draw of its own, and the options of a model of either half. */
interface Halves {
  readonly models: number;
  readonly real: object;
  readonly augmented: object;
}

/**
 * A forest of 100 trees is 50 and 50. Plain boosting has no chance in it, so that one stands for any number of the same; of
 * boosters on different draws five are enough to average their accidents out.
 */
const HALVES: ReadonlyMap<string, Halves> = new Map([
  [forest.name, { models: 50, real: { trees: 50 }, augmented: { trees: 1 } }],
  [boosting.name, { models: 5, real: {}, augmented: {} }],
]);

/** Rows drawn at once, at most, unless one draw has more. */
const CHUNK = 16384;

type Fitted = Awaited<ReturnType<Classifier['fit']>>;

export interface FittedBlend {
  /** Probability of the positive class; (rows). */
  predict(other: Table): Promise<Float32Array>;
}

/** `sampler` was fitted on `train`; the feature encoding is that of its real rows. */
export async function fitBlend(
  classifier: Classifier,
  train: Dataset,
  sampler: Pick<Sampler, 'sample'>,
  stream: Stream,
  run: Pick<CellRun, 'backend' | 'signal'>,
): Promise<FittedBlend> {
  const halves = HALVES.get(classifier.name);
  if (!halves) throw new InputError(`"classifier" expected one of ${[...HALVES.keys()].join(', ')}, got ${classifier.name}`);
  const { positive, negative } = classCounts(train.y);
  const encoder = fitFeatures(train.features);
  const real = encoder.features(train.features);
  const plain = await classifier.fit(real, train.y, stream.child('real'), run, halves.real);

  const y = new Uint8Array(train.y.length + positive).fill(1);
  y.set(train.y);
  const augmented: Fitted[] = [];
  const turn = turnsFor(run.signal);
  for await (const drawn of draws(sampler, encoder, positive, halves.models, stream.child('rows'), run)) {
    await turn();
    const own = stream.child('augmented').child(augmented.length);
    augmented.push(await classifier.fit(below(real, drawn), y, own, run, halves.augmented));
  }
  const from = (2 * positive) / (2 * positive + negative);
  const to = positive / (positive + negative);
  return {
    async predict(other) {
      const rows = encoder.features(other);
      const p = await plain.predict(rows);
      const corrected = priorShift(await meanOf(augmented, rows, turn), from, to);
      return p.map((value, i) => (value + (corrected[i] as number)) / 2);
    },
  };
}

/** Features of `models` draws of `size` synthetic rows each, (size · D), many draws in one call of the sampler. */
async function* draws(
  sampler: Pick<Sampler, 'sample'>,
  encoder: FeatureEncoder,
  size: number,
  models: number,
  stream: Stream,
  run: Pick<CellRun, 'backend' | 'signal'>,
): AsyncGenerator<Float32Array> {
  const together = Math.max(1, Math.floor(CHUNK / size));
  for (let first = 0; first < models; first += together) {
    const count = Math.min(together, models - first);
    const { cols, values } = encoder.features(await sampler.sample(count * size, stream.child(first), run));
    for (let i = 0; i < count; i++) yield values.subarray(i * size * cols, (i + 1) * size * cols);
  }
}

/** The real rows, then the synthetic ones. */
function below(real: FeatureMatrix, drawn: Float32Array): FeatureMatrix {
  const values = new Float32Array(real.values.length + drawn.length);
  values.set(real.values);
  values.set(drawn, real.values.length);
  return { ...real, rows: values.length / real.cols, values };
}

/**
 * The mean comes before the correction: leaves of a single tree are mostly pure, and no correction moves a probability of 0
 * or 1.
 */
async function meanOf(models: readonly Fitted[], rows: FeatureMatrix, turn: Turn): Promise<Float64Array> {
  const mean = new Float64Array(rows.rows);
  for (const model of models) {
    await turn();
    (await model.predict(rows)).forEach((p, i) => {
      (mean[i] as number) += p / models.length;
    });
  }
  return mean;
}
