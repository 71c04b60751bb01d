/** An adversarial model, once trained, and new rows of it. Dimensions: R rows, W columns, P parameters, M moments. */
import type { ModeEncoder } from '../encode/mode-encoder.js';
import { type ResidualShape, residual } from '../nn/residual.js';
import type { Stream } from '../random.js';
import { askingOf, conditionWidth, type LevelCounts } from './conditions.js';
import type { Run, TrainingHistory } from './generator.js';
import { drawInChunks, headsOf, repeated } from './mixed-rows.js';

/** Draws of a row that is not what was asked for, before it is taken as it is. */
const MOST_DRAWS = 5;

export interface AdversarialModel {
  readonly encoder: ModeEncoder;
  readonly counts: LevelCounts; // of the rows that were learnt from
  readonly shape: ResidualShape;
  readonly latent: number;
  readonly temperature: number; // of the Gumbel-softmax
  readonly weights: Float32Array; // (P)
  readonly moments: Float32Array; // (M), of the batch normalisation
  readonly history: TrainingHistory;
}

/** The network that makes rows of noise and a condition. */
export const makerShape = (encoder: ModeEncoder, latent: number, layers: readonly number[]): ResidualShape => ({
  inputs: latent + conditionWidth(encoder.categories),
  layers,
  outputs: encoder.width,
});

/** A category that all drawn rows are to have. */
export interface Wanted {
  readonly column: number;
  readonly level: number;
}

/** `count` new rows (count, W), all asked to be `wanted`, or with conditions as frequent as in the rows that were learnt from. */
export function drawRows(model: AdversarialModel, wanted: Wanted | null, count: number, stream: Stream, run: Run): Promise<Float32Array> {
  const W = model.encoder.width;
  return drawInChunks(count, W, stream, run, async (rows, own) => {
    const out = await drawChunk(model, wanted, rows, own.child(0), run);
    for (let again = 1; wanted && again < MOST_DRAWS; again++) {
      const missed = misses(model, wanted, out);
      if (missed.length === 0) break;
      const others = await drawChunk(model, wanted, missed.length, own.child(again), run);
      missed.forEach((row, i) => {
        out.set(others.subarray(i * W, (i + 1) * W), row * W);
      });
    }
    return out;
  });
}

/** The rows that have not got what was asked for. */
function misses({ encoder }: AdversarialModel, { column, level }: Wanted, rows: Float32Array): number[] {
  const { start, width } = encoder.categories[column] as { start: number; width: number };
  const missed: number[] = [];
  for (let i = 0; i < rows.length / encoder.width; i++) {
    const span = rows.subarray(i * encoder.width + start, i * encoder.width + start + width);
    if (span[level] !== span.reduce((most, value) => Math.max(most, value), 0)) missed.push(i);
  }
  return missed;
}

async function drawChunk(model: AdversarialModel, wanted: Wanted | null, rows: number, stream: Stream, run: Run): Promise<Float32Array> {
  const { backend } = run;
  const { encoder, counts, shape, latent } = model;
  const asking = askingOf(encoder.categories, counts);
  const mark = backend.mark();
  try {
    const weights = backend.matrix(1, model.weights.length, model.weights);
    const moments = backend.matrix(1, model.moments.length, model.moments);
    const net = residual(backend, shape, weights, null, moments, rows);
    const [z, input] = [backend.matrix(rows, latent), backend.matrix(rows, shape.inputs)];
    const [output, noise] = [backend.matrix(rows, encoder.width), backend.matrix(rows, encoder.width)];
    backend.random.normal(z, stream.child('z'));
    backend.network.placeColumns(z, 0, input);
    const condition = wanted
      ? repeated(run, rows, asking.fixed(wanted.column, wanted.level))
      : backend.matrix(rows, asking.width, asking.natural(rows, stream.child('conditions')));
    backend.network.placeColumns(condition, latent, input);
    net.evaluate(input, output);
    backend.generative.gumbel(noise, stream.child('gumbel'));
    backend.generative.headsForward(backend.generative.heads(headsOf(encoder.spans)), output, noise, model.temperature, output);
    return await backend.read(output);
  } finally {
    backend.release(mark);
  }
}
