/** The training loop: batches from random orders of the rows, AdamW with a rate that falls to 0, and an average of the weights. */
import type { Backend, Matrix } from '../backend/backend.js';
import { pause, turnsFor } from '../backend/turns.js';
import { ComputeError, throwIfAborted } from '../errors.js';
import type { Stream } from '../random.js';

export interface TrainingPlan {
  readonly steps: number;
  readonly learningRate: number; // of the first step; falls linearly to 0
  readonly weightDecay: number;
  /** Decay of the exponential moving average that is returned; 0 returns the last weights. */
  readonly emaDecay: number;
}

export interface TrainingRun {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number, loss: number) => void) | undefined;
}

/** What looks at a model while it is trained. */
export interface Watch {
  /** Called after these shares of the steps, and after the last one. The clock of the training stands still meanwhile. */
  readonly checkpoints?: { readonly shares: readonly number[]; look(step: number, seconds: number): Promise<void> } | undefined;
  /** Asked after every step, as a part of the training; `false` ends it. */
  readonly goOn?: ((step: number) => Promise<boolean>) | undefined;
}

export interface Training {
  readonly weights: Float32Array; // (P)
  readonly steps: readonly number[]; // where the loss was noted: the mean of the steps since the note before
  readonly losses: readonly number[];
  readonly seconds: readonly number[]; // since the start
}

/** Steps between two looks at the loss, the signal and the clock: reading waits for the backend. */
const LOOK_EVERY = 50;
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** Hands out batches of row indices: a random order of all rows, cut into batches; a rest too short for one is left out. */
export function batches(rows: number, batch: number, stream: Stream): () => Uint32Array {
  let order = stream.permutation(rows);
  let at = 0;
  return () => {
    if (at + batch > rows) {
      order = stream.permutation(rows);
      at = 0;
    }
    at += batch;
    return order.subarray(at - batch, at);
  };
}

/** Takes steps and notes their losses. `step(i, losses, slot)` writes the loss of step i as the two numbers losses[slot] and losses[slot + 1]. */
export async function takeSteps(
  backend: Backend,
  plan: Pick<TrainingPlan, 'steps' | 'learningRate'>,
  step: (i: number, losses: Matrix, slot: number) => void,
  run: TrainingRun = {},
  lookEvery = LOOK_EVERY,
  { checkpoints, goOn }: Watch = {},
): Promise<Omit<Training, 'weights'>> {
  const losses = backend.matrix(1, 2 * lookEvery);
  const history = { steps: [] as number[], losses: [] as number[], seconds: [] as number[] };
  const looks = new Set(checkpoints?.shares.map((share) => Math.ceil(share * plan.steps)));
  const turn = turnsFor(run.signal);
  let started = performance.now();
  for (let i = 0, last = false; !last; i++) {
    step(i, losses, 2 * (i % lookEvery));
    last = i === plan.steps - 1 || (goOn !== undefined && !(await goOn(i + 1)));
    await turn();
    const since = (i % lookEvery) + 1;
    if (since === lookEvery || last) {
      const loss = (await backend.read(losses)).subarray(0, 2 * since).reduce((sum, part) => sum + part, 0) / since;
      if (!Number.isFinite(loss)) {
        throw new ComputeError(
          `training diverged: the loss of steps ${i + 2 - since} to ${i + 1} of ${plan.steps} is not finite; lower the learning rate, now ${plan.learningRate}`,
        );
      }
      history.steps.push(i + 1);
      history.losses.push(loss);
      history.seconds.push((performance.now() - started) / 1000);
      run.onProgress?.(i + 1, plan.steps, loss);
      await pause();
      throwIfAborted(run.signal);
    }
    if (checkpoints && (last || looks.has(i + 1))) {
      const looked = performance.now();
      await checkpoints.look(i + 1, (looked - started) / 1000);
      started += performance.now() - looked;
    }
  }
  return history;
}

/** The weights, once trained; throws {@link ComputeError} when one is not finite. */
export async function trainedWeights(
  backend: Backend,
  weights: Matrix,
  plan: Pick<TrainingPlan, 'steps' | 'learningRate'>,
): Promise<Float32Array> {
  const trained = await backend.read(weights);
  if (!trained.every(Number.isFinite)) {
    throw new ComputeError(
      `training diverged: a weight is not finite after ${plan.steps} steps; lower the learning rate, now ${plan.learningRate}`,
    );
  }
  return trained;
}

/**
 * Trains a block of weights (1, P). `step(i, losses, slot)` draws the i-th batch, writes the gradients, and its loss as the
 * two numbers losses[slot] and losses[slot + 1], whose sum is what is minimised. `watch` is given the weights as they would be returned.
 * Throws {@link ComputeError} when it diverges.
 */
export async function train(
  backend: Backend,
  plan: TrainingPlan,
  weights: Matrix,
  gradients: Matrix,
  step: (i: number, losses: Matrix, slot: number) => void,
  run: TrainingRun = {},
  watch: (weights: Matrix) => Watch = () => ({}),
): Promise<Training> {
  const size = weights.cols;
  const [first, second] = [backend.matrix(1, size), backend.matrix(1, size)];
  const ema = plan.emaDecay > 0 ? backend.matrix(1, size, await backend.read(weights)) : null;
  const advance = (i: number, losses: Matrix, slot: number) => {
    step(i, losses, slot);
    backend.network.adamw(weights, gradients, first, second, ema, {
      learningRate: plan.learningRate * (1 - i / plan.steps),
      beta1: BETA1,
      beta2: BETA2,
      epsilon: EPSILON,
      weightDecay: plan.weightDecay,
      step: i + 1,
      emaDecay: Math.min(plan.emaDecay, (1 + i) / (10 + i)), // so that the start is forgotten soon
    });
  };
  const history = await takeSteps(backend, plan, advance, run, LOOK_EVERY, watch(ema ?? weights));
  return { weights: await trainedWeights(backend, ema ?? weights, plan), ...history };
}
