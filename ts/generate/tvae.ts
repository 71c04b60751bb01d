/**
 * TVAE (Xu, Skoularidou, Cuesta-Infante & Veeramachaneni 2019, §4.4): a variational autoencoder of mode-normalised rows. Trained on the
 * minority alone, or on all rows with the class as a condition of the decoder.
 *
 * Dimensions: N rows, W columns, B batch rows, L latent numbers, C columns of the condition (2, or 0 without).
 */
import { turnsFor } from '../backend/turns.js';
import { fitModeEncoder, type ModeEncoder } from '../encode/mode-encoder.js';
import { InputError } from '../errors.js';
import { AUTOENCODER_START, type AutoencoderShape, autoencoder, autoencoderParameters, decoderOf } from '../nn/autoencoder.js';
import { startingValues } from '../nn/parameters.js';
import { batches, type Training, train } from '../nn/train.js';
import type { Stream } from '../random.js';
import { takeRows } from '../table/table.js';
import { balancedBatches } from './class-batches.js';
import { CHECKPOINTS, type Generator, type Run, type Sampler } from './generator.js';
import { minorityRows, UNTRAINED } from './minority.js';
import { checkCounts, checkShares, drawInChunks, headsOf, repeated } from './mixed-rows.js';
import { TVAE_DEFAULTS, type TVAEOptions } from './tvae-options.js';
import { watchDraws } from './watch.js';

/** Training steps for n rows: the paper's 300 epochs of batches of 500, but at least 600 steps and at most 3,000. */
export function tvaeSteps(rows: number): number {
  return Math.min(3000, Math.max(600, Math.ceil((300 * rows) / 500)));
}

export const tvae: Generator<TVAEOptions> = {
  name: 'tvae',
  minMinority: 2,
  defaults: TVAE_DEFAULTS,
  async fit(data, stream, run, changed = {}): Promise<Sampler> {
    const options = { ...TVAE_DEFAULTS, ...changed };
    checkOptions(options);
    const rows = minorityRows(data, tvae);
    const turn = turnsFor(run.signal);
    const table = options.labels === 'minority' ? takeRows(data.features, rows) : data.features;
    const labels = options.labels === 'minority' ? null : data.y;
    const encoder = await fitModeEncoder(table, run.backend.special, turn);
    const modes = stream.child('modes');
    const encoded = await encoder.encode(table, () => modes.uniform(), turn);
    const samplerOf = (model: Model): Sampler => {
      const { steps, losses, seconds } = model;
      return {
        history: { steps, losses, seconds },
        modelBytes: model.weights.byteLength,
        sample: async (count, draw, where) =>
          encoder.decode(await drawInChunks(count, encoder.width, draw, where, (n, own) => drawRows(encoder, model, n, own, where)), count),
      };
    };
    const sampler = samplerOf(await fitAutoencoder(encoder, encoded.rows, table.rows, labels, options, samplerOf, stream, run));
    const minority = takeRows(data.features, rows);
    return { ...sampler, warnings: await watchDraws(minority, sampler.sample, stream.child('watch'), run) };
  },
};

interface Model extends Training {
  readonly shape: AutoencoderShape;
}

async function fitAutoencoder(
  encoder: ModeEncoder,
  rows: Float32Array,
  N: number,
  labels: Uint8Array | null,
  options: TVAEOptions,
  samplerOf: (model: Model) => Sampler,
  stream: Stream,
  run: Run,
): Promise<Model> {
  const { backend, signal, onProgress, onCheckpoint } = run;
  const { network } = backend;
  const { width } = encoder;
  const shape = { ...options, width, condition: labels ? 2 : 0 };
  if (width === 0) return { shape, weights: new Float32Array(0), ...UNTRAINED };
  const B = Math.min(options.batch, N);
  const mark = backend.mark();
  try {
    const parameters = autoencoderParameters(shape);
    const start = await startingValues(backend, parameters, stream.child('weights'), AUTOENCODER_START);
    const [weights, gradients] = [backend.matrix(1, start.length, start), backend.matrix(1, start.length)];
    const net = autoencoder(backend, shape, weights, gradients, B);
    const heads = backend.generative.heads(headsOf(encoder.spans));
    const data = backend.matrix(N, width, rows);
    const [index, x, epsilon] = [backend.words(B), backend.matrix(B, width), backend.matrix(B, options.latent)];
    const classes = backend.matrix(N, 2, oneHot(labels ?? new Uint8Array(N)));
    const condition = labels ? backend.matrix(B, 2) : null;
    const next = labels ? balancedBatches(labels, B, stream.child('batches')) : batches(N, B, stream.child('batches'));
    const noise = stream.child('noise');
    const plan = { steps: options.steps ?? tvaeSteps(N), learningRate: options.learningRate, weightDecay: 0, emaDecay: 0 };
    const trained = await train(
      backend,
      plan,
      weights,
      gradients,
      (_i, losses, slot) => {
        backend.writeWords(index, next());
        network.gatherRows(data, index, x);
        if (condition) network.gatherRows(classes, index, condition);
        backend.random.normal(epsilon, noise);
        net.learn(heads, x, condition, epsilon, options.factor, losses, slot);
        network.addScaled(gradients, weights, options.penalty, gradients);
      },
      { signal, onProgress: onProgress && ((done, total, loss) => onProgress({ phase: 'train', done, total, loss })) },
      (trained) => ({
        checkpoints: onCheckpoint && {
          shares: CHECKPOINTS,
          look: async (step, seconds) => {
            const model = { shape, ...UNTRAINED, weights: await backend.read(trained) };
            await onCheckpoint({ step, seconds, sampler: samplerOf(model) });
          },
        },
      }),
    );
    return { shape, ...trained };
  } finally {
    backend.release(mark);
  }
}

/** (N, 2): not minority, minority. */
const oneHot = (labels: Uint8Array): Float32Array =>
  Float32Array.from({ length: 2 * labels.length }, (_, i) => Number(labels[i >> 1] === i % 2));

/** New rows (R, W) of the decoder's distribution: numbers about their mean by their deviation, categories by their probabilities. */
async function drawRows(encoder: ModeEncoder, { shape, weights }: Model, rows: number, stream: Stream, run: Run): Promise<Float32Array> {
  const { backend } = run;
  const { width } = encoder;
  const [z, noise, spread] = [backend.matrix(rows, shape.latent), backend.matrix(rows, width), backend.matrix(rows, width)];
  const [seed, output] = [backend.matrix(rows, shape.latent + shape.condition), backend.matrix(rows, width)];
  const net = decoderOf(backend, shape, backend.matrix(1, weights.length, weights), rows);
  backend.random.normal(z, stream.child('z'));
  backend.random.normal(spread, stream.child('spread'));
  backend.generative.gumbel(noise, stream.child('gumbel'));
  backend.network.placeColumns(z, 0, seed);
  if (shape.condition > 0) backend.network.placeColumns(repeated(run, rows, [0, 1]), shape.latent, seed);
  net.decode(seed, output);
  backend.generative.headsForward(backend.generative.heads(headsOf(encoder.spans)), output, noise, 1, output);
  backend.network.clamp(net.sigma, 0.01, 1);
  const [made, normal, sigma] = [await backend.read(output), await backend.read(spread), await backend.read(net.sigma)];
  for (const { kind, start } of encoder.spans) {
    if (kind !== 'number') continue;
    for (let at = start; at < made.length; at += width) {
      made[at] = Math.max(-1, Math.min(1, (made[at] as number) + (sigma[start] as number) * (normal[at] as number)));
    }
  }
  return made;
}

function checkOptions(options: TVAEOptions): void {
  checkCounts({ ...options }, ['encoder', 'decoder', 'latent', 'batch', 'steps']);
  checkShares({ ...options }, ['learningRate', 'penalty']);
  if (!(options.factor > 0 && options.factor <= 1000))
    throw new InputError(`"factor" expected a number in (0, 1000], got ${options.factor}`);
}
