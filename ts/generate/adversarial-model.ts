/**
 * The adversarial training of CTGAN (Xu et al. 2019, §4.3), a Wasserstein GAN with gradient penalty. In each step the critic learns to tell
 * packs of real rows from packs of made ones, all with the same conditions; then the generator learns from the critic, and from how well its
 * rows keep to their conditions.
 *
 * Dimensions: N rows, W columns, V columns of the condition, B batch rows, P = B / pac packs, Z latent numbers.
 */
import type { Backend, Matrix } from '../backend/backend.js';
import { type Turn, turnsFor } from '../backend/turns.js';
import type { ModeEncoded, ModeEncoder } from '../encode/mode-encoder.js';
import { critic, criticParameters } from '../nn/critic.js';
import { sizeOf, startingValues } from '../nn/parameters.js';
import {
  RESIDUAL_START,
  type Residual,
  type ResidualShape,
  residual,
  residualParameters,
  runningMoments,
  startingMoments,
} from '../nn/residual.js';
import { takeSteps, trainedWeights } from '../nn/train.js';
import type { Stream } from '../random.js';
import { type AdversarialModel, makerShape } from './adversarial-draws.js';
import { type ConditionSampler, conditionSampler } from './conditions.js';
import { CHECKPOINTS, type Run } from './generator.js';
import { UNTRAINED } from './minority.js';
import { headsOf } from './mixed-rows.js';

export interface AdversarialTraining {
  /** Width Z of the noise that a row is made of. @defaultValue 128 */
  readonly latent: number;
  /** Widths of the generator's residual layers. @defaultValue [256, 256] */
  readonly generator: readonly number[];
  /** Widths of the critic's layers. @defaultValue [256, 256] */
  readonly critic: readonly number[];
  /** Rows that the critic judges together, so that it sees a lack of variety (PacGAN, Lin et al. 2018). @defaultValue 10 */
  readonly pac: number;
  /** Share of the critic's values that are left out of a step. @defaultValue 0.5 */
  readonly dropout: number;
  /** Weight of the gradient penalty (Gulrajani et al. 2017, eq. 3). @defaultValue 10 */
  readonly penalty: number;
  /** Of the Gumbel-softmax by which levels are drawn (Jang, Gu & Poole 2017). @defaultValue 0.2 */
  readonly temperature: number;
  /** Of the first step; falls linearly to 0. @defaultValue 0.0005 */
  readonly learningRate: number;
  /** Decay of the moving average of the generator's weights that draws; 0 = the last weights. @defaultValue 0.99 */
  readonly emaDecay: number;
  /** Rows of a step, made up to whole packs; no more than there are rows. @defaultValue 200 */
  readonly batch: number;
  readonly steps: number;
}

/** Steps between two looks at loss and signal; a step takes longer than one of the other networks. */
const LOOK_EVERY = 10;
/** Adam as in the paper's experiments; the decay of weights is decoupled here. */
const ADAM = { beta1: 0.5, beta2: 0.9, epsilon: 1e-8, weightDecay: 1e-6 };
/** Batches from which the moments of the averaged generator are taken. */
const MOMENT_BATCHES = 50;

/** Learns the encoded rows; `look` sees the model at each of {@link CHECKPOINTS}. */
export async function fitAdversarial(
  encoder: ModeEncoder,
  encoded: ModeEncoded,
  rows: number,
  options: AdversarialTraining,
  stream: Stream,
  run: Run,
  look?: ((model: AdversarialModel, step: number, seconds: number) => Promise<void>) | undefined,
): Promise<AdversarialModel> {
  const { backend, signal, onProgress } = run;
  const conditions = conditionSampler(encoder.categories, encoded.codes, rows, backend.special.log);
  const { latent, temperature } = options;
  const { counts } = conditions;
  const shape = makerShape(encoder, latent, options.generator);
  const model = { encoder, counts, shape, latent, temperature };
  if (encoder.width === 0) return { ...model, weights: new Float32Array(0), moments: new Float32Array(0), history: UNTRAINED };
  const mark = backend.mark();
  try {
    const trainer = await adversaries(encoder, encoded, rows, conditions, shape, options, stream, backend);
    const turn = turnsFor(signal);
    const read = (block: Matrix) => trainedWeights(backend, block, options);
    const checkpoints = look && {
      shares: CHECKPOINTS,
      look: async (step: number, seconds: number) => {
        const before = backend.mark();
        const { weights, moments } = await trainer.soFar(stream.child('checkpoint').child(step), turn);
        await look({ ...model, weights: await read(weights), moments: await read(moments), history: UNTRAINED }, step, seconds);
        backend.release(before);
      },
    };
    const history = await takeSteps(
      backend,
      options,
      trainer.step,
      { signal, onProgress: onProgress && ((done, total, loss) => onProgress({ phase: 'train', done, total, loss })) },
      LOOK_EVERY,
      { checkpoints },
    );
    const { weights, moments } = await trainer.finish(turn);
    return { ...model, weights: await read(weights), moments: await read(moments), history };
  } finally {
    backend.release(mark);
  }
}

/** A block of parameters with its optimiser; `average` (or the weights themselves) is what is kept. */
async function optimised(
  backend: Backend,
  start: Float32Array,
  { learningRate, steps, emaDecay }: Pick<AdversarialTraining, 'learningRate' | 'steps' | 'emaDecay'>,
) {
  const block = (data?: Float32Array) => backend.matrix(1, start.length, data);
  const [weights, gradients, first, second] = [block(start), block(), block(), block()];
  const average = emaDecay > 0 ? block(start) : null;
  const improve = (i: number) =>
    backend.network.adamw(weights, gradients, first, second, average, {
      ...ADAM,
      learningRate: learningRate * (1 - i / steps),
      step: i + 1,
      emaDecay: Math.min(emaDecay, (1 + i) / (10 + i)), // so that the start is forgotten soon
    });
  return { weights, gradients, average, improve };
}
/** Both networks and the memory of a step. */
async function adversaries(
  encoder: ModeEncoder,
  encoded: ModeEncoded,
  N: number,
  conditions: ConditionSampler,
  shape: ResidualShape,
  options: AdversarialTraining,
  stream: Stream,
  backend: Backend,
) {
  const { network, generative } = backend;
  const { pac, latent, temperature } = options;
  const [W, V] = [encoder.width, shape.inputs - latent];
  const P = Math.ceil(Math.min(options.batch, N) / pac);
  const B = P * pac;
  const judged = { inputs: pac * (W + V), layers: options.critic, dropout: options.dropout };
  const starts = [
    await startingValues(backend, residualParameters(shape), stream.child('generator'), RESIDUAL_START),
    await startingValues(backend, criticParameters(judged), stream.child('critic')),
  ] as const;
  const [maker, judge] = [await optimised(backend, starts[0], options), await optimised(backend, starts[1], { ...options, emaDecay: 0 })];
  const moments = backend.matrix(1, sizeOf(runningMoments(shape)), startingMoments(shape));
  const net = residual(backend, shape, maker.weights, maker.gradients, moments, B);
  const court = critic(backend, judged, judge.weights, judge.gradients, P);
  const heads = generative.heads(headsOf(encoder.spans));
  const data = backend.matrix(N, W, encoded.rows);
  const make = (cols: number) => backend.matrix(B, cols);
  const [z, input, condition, raw, noise, fake, real, dRow] = [latent, shape.inputs, V, W, W, W, W, W].map(make) as Eight<Matrix>;
  const packs = backend.matrix(3 * P, judged.inputs); // fake, real, mixed; each pack is `pac` rows of [row, condition]
  const part = (i: number) => backend.view(packs, i * B * (W + V), B, W + V);
  const packed = (i: number) => backend.view(packs, i * B * (W + V), P, judged.inputs);
  const [dPacks, share] = [backend.matrix(P, judged.inputs), backend.matrix(P, 1)];
  const [index, spans] = [backend.words(B), backend.words(3 * B)];
  const streams = { draw: stream.child('conditions'), noise: stream.child('noise'), dropout: stream.child('dropout') };

  /** Draws conditions and lets a generator answer them. */
  const ask = (answering: Residual, { draw, noise }: Pick<typeof streams, 'draw' | 'noise'> = streams) => {
    const drawn = conditions.draw(B, draw);
    backend.write(condition, drawn.vector);
    backend.random.normal(z, noise);
    network.placeColumns(z, 0, input);
    network.placeColumns(condition, latent, input);
    answering.forward(input, raw);
    return drawn;
  };
  /** Makes rows that are to keep to conditions; puts [row, condition] into the first packs. */
  const makeRows = () => {
    const drawn = ask(net);
    backend.writeWords(spans, drawn.spans);
    generative.gumbel(noise, streams.noise);
    generative.headsForward(heads, raw, noise, temperature, fake);
    network.placeColumns(fake, 0, part(0));
    network.placeColumns(condition, W, part(0));
    return drawn;
  };

  const step = (i: number, losses: Matrix, slot: number) => {
    backend.writeWords(index, makeRows().rows);
    network.gatherRows(data, index, real);
    network.placeColumns(real, 0, part(1));
    network.placeColumns(condition, W, part(1));
    backend.random.uniform(share, streams.noise);
    generative.mixRows(share, packed(1), packed(0), packed(2));
    court.learn(packs, options.penalty, streams.dropout, losses, slot);
    judge.improve(i);

    makeRows();
    court.teach(packed(0), streams.dropout, dPacks);
    network.takeColumns(backend.view(dPacks, 0, B, W + V), 0, dRow);
    generative.headsBackward(heads, fake, dRow, temperature, dRow);
    if (V > 0) generative.conditionLoss(raw, spans, dRow, losses, slot + 1);
    net.backward(dRow);
    maker.improve(i);
  };
  /** What draws: the averaged weights, with the moments that batches have under them. */
  const averaged = async (moments: Matrix, { draw, noise }: Pick<typeof streams, 'draw' | 'noise'>, turn: Turn) => {
    if (maker.average === null) return { weights: maker.weights, moments };
    const net = residual(backend, shape, maker.average, null, moments, B);
    for (let i = 0; i < MOMENT_BATCHES; i++) {
      ask(net, { draw, noise });
      await turn();
    }
    return { weights: maker.average, moments };
  };
  /** The same in the middle of the training, which goes on as if nobody had looked. */
  const soFar = (own: Stream, turn: Turn) => {
    const copy = backend.matrix(1, moments.cols);
    backend.network.add(copy, moments, copy);
    return averaged(copy, { draw: own.child('conditions'), noise: own.child('noise') }, turn);
  };
  return { step, soFar, finish: (turn: Turn) => averaged(moments, streams, turn) };
}

type Eight<T> = [T, T, T, T, T, T, T, T];
