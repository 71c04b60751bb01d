/**
 * TVAE (Xu, Skoularidou, Cuesta-Infante & Veeramachaneni 2019, §4): a variational autoencoder of mode-normalised rows. Trained on the
 * minority alone, or on all rows with the class as a condition of the decoder.
 *
 * Dimensions: N rows, W columns, B batch rows, L latent numbers, C columns of the condition (2, or 0 without).
 */
import { turnsFor } from '../backend/turns.js';
import { fitModeEncoder, type ModeEncoder } from '../encode/mode-encoder.js';
import { AUTOENCODER_START, autoencoder, autoencoderParameters, decoderWeights } from '../nn/autoencoder.js';
import { startingValues } from '../nn/parameters.js';
import { batches, type Training, train } from '../nn/train.js';
import type { Stream } from '../random.js';
import { takeRows } from '../table/table.js';
import { balancedBatches } from './class-batches.js';
import { CHECKPOINTS, type Generator, type Run, type Sampler } from './generator.js';
import { minorityRows, UNTRAINED } from './minority.js';
import { headsOf } from './mixed-rows.js';
import { checkOptions, decoderShape, tvaeCodec } from './tvae-codec.js';
import { TVAE_DEFAULTS, type TVAEOptions } from './tvae-options.js';
import { watchDraws } from './watch.js';

/** Training steps for n rows: the paper's 300 epochs of batches of 500, but at least 600 steps and at most 3,000. */
export function tvaeSteps(rows: number): number {
  return Math.min(3000, Math.max(600, Math.ceil((300 * rows) / 500)));
}

export const tvae: Generator<TVAEOptions> = {
  name: tvaeCodec.method,
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
    const samplerOf = ({ weights, ...history }: Training): Sampler =>
      tvaeCodec.samplerOf({ options, encoder, weights: decoderWeights(weights, decoderShape(encoder, options)), history });
    const sampler = samplerOf(await fitAutoencoder(encoder, encoded.rows, table.rows, labels, options, samplerOf, stream, run));
    const minority = takeRows(data.features, rows);
    return { ...sampler, warnings: await watchDraws(minority, sampler.sample, stream.child('watch'), run) };
  },
};

async function fitAutoencoder(
  encoder: ModeEncoder,
  rows: Float32Array,
  N: number,
  labels: Uint8Array | null,
  options: TVAEOptions,
  samplerOf: (trained: Training) => Sampler,
  stream: Stream,
  run: Run,
): Promise<Training> {
  const { backend, signal, onProgress, onCheckpoint } = run;
  const { network } = backend;
  const { width } = encoder;
  if (width === 0) return { weights: new Float32Array(0), ...UNTRAINED };
  const shape = { ...decoderShape(encoder, options), encoder: options.encoder };
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
    return await train(
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
            const sampler = samplerOf({ ...UNTRAINED, weights: await backend.read(trained) });
            await onCheckpoint({ step, seconds, sampler });
          },
        },
      }),
    );
  } finally {
    backend.release(mark);
  }
}

/** (N, 2): not minority, minority. */
const oneHot = (labels: Uint8Array): Float32Array =>
  Float32Array.from({ length: 2 * labels.length }, (_, i) => Number(labels[i >> 1] === i % 2));
