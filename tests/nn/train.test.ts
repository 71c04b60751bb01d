/** The training loop: what it learns, what it notes, and how it stops. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Matrix } from '../../ts/backend/backend.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { CancelledError, ComputeError } from '../../ts/errors.js';
import { batches, type TrainingPlan, train } from '../../ts/nn/train.js';
import { Stream } from '../../ts/random.js';
import { allClose, close } from '../close.js';

const training = suite('train');
const backend = await wasmBackend();
const PLAN: TrainingPlan = { steps: 120, learningRate: 0.05, weightDecay: 0, emaDecay: 0.999 };

/** Minimises the mean of (w − goal)², whose gradient is written by hand. */
function bowl(goal: readonly number[]) {
  const [weights, gradients] = [backend.matrix(1, goal.length), backend.matrix(1, goal.length)];
  const target = backend.matrix(1, goal.length, Float32Array.from(goal));
  const step = (_i: number, losses: Matrix, slot: number) => backend.network.mse(weights, target, gradients, losses, slot);
  return { weights, gradients, step };
}

training('batches take every row once in each order', () => {
  const next = batches(10, 3, Stream.fromSeed(1));
  for (let order = 0; order < 4; order++) {
    const seen = [next(), next(), next()].flatMap((batch) => [...batch]);
    assert.is(new Set(seen).size, 9);
    assert.ok(seen.every((row) => row >= 0 && row < 10));
  }
  assert.equal([...batches(2, 2, Stream.fromSeed(1))()].sort(), [0, 1]);
});

training('finds the minimum, with and without the average', async () => {
  for (const emaDecay of [0, 0.999]) {
    const { weights, gradients, step } = bowl([0.5, -1, 2]);
    const done = await train(backend, { ...PLAN, steps: 400, emaDecay }, weights, gradients, step);
    allClose(done.weights, [0.5, -1, 2], { abs: 0.05 }, `ema ${emaDecay}`);
    const last = await backend.read(weights);
    if (emaDecay === 0) assert.equal(done.weights, last);
    else assert.not.equal(done.weights, last);
  }
});

training('notes the mean loss of each stretch, and the rest of the last one', async () => {
  const { weights, gradients, step } = bowl([1]);
  const own: number[] = [];
  const seen: number[][] = [];
  const spy = (i: number, losses: Matrix, slot: number) => {
    step(i, losses, slot);
    backend.write(backend.view(losses, slot + 1, 1, 1), Float32Array.of(i));
    own.push(i);
  };
  const done = await train(backend, { ...PLAN, learningRate: 0 }, weights, gradients, spy, { onProgress: (...note) => seen.push(note) });
  assert.equal(done.steps, [50, 100, 120]);
  // the loss stays at 1, its second part is the number of the step
  allClose(done.losses, [1 + 24.5, 1 + 74.5, 1 + 109.5], { rel: 1e-6 });
  assert.equal(
    seen.map(([at, total]) => [at, total]),
    [
      [50, 120],
      [100, 120],
      [120, 120],
    ],
  );
  allClose(
    seen.map((note) => note[2]!),
    done.losses,
    {},
  );
  assert.ok(done.seconds.every((s, i) => s >= (done.seconds[i - 1] ?? 0)));
  assert.is(own.length, 120);
});

training('a loss that is not finite ends it', async () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const { weights, gradients, step } = bowl([1]);
    const broken = (i: number, losses: Matrix, slot: number) => {
      step(i, losses, slot);
      if (i === 60) backend.write(backend.view(losses, slot, 1, 1), Float32Array.of(bad));
    };
    try {
      await train(backend, PLAN, weights, gradients, broken);
      assert.unreachable('it went on');
    } catch (error) {
      assert.instance(error, ComputeError);
      assert.match((error as Error).message, /training diverged.*steps 51 to 100 of 120.*learning rate, now 0.05/);
    }
  }
});

training('stops when it is told to', async () => {
  const { weights, gradients, step } = bowl([1]);
  const stop = new AbortController();
  let steps = 0;
  const counting = (i: number, losses: Matrix, slot: number) => {
    steps++;
    if (i === 10) setTimeout(() => stop.abort(), 0);
    step(i, losses, slot);
  };
  try {
    await train(backend, { ...PLAN, steps: 100000 }, weights, gradients, counting, { signal: stop.signal });
    assert.unreachable('it went on');
  } catch (error) {
    assert.instance(error, CancelledError);
  }
  assert.ok(steps <= 200, `${steps} steps after the signal`);
});

training('the rate falls to 0 in a line', async () => {
  const { weights, gradients } = bowl([0]);
  const step = (_i: number, losses: Matrix, slot: number) => {
    backend.write(gradients, Float32Array.of(1)); // with a constant gradient AdamW moves by the rate itself
    backend.write(backend.view(losses, slot, 1, 2), Float32Array.of(0, 0));
  };
  const done = await train(backend, { steps: 10, learningRate: 0.1, weightDecay: 0, emaDecay: 0 }, weights, gradients, step);
  close(done.weights[0]!, -0.1 * 5.5, { rel: 1e-5 }); // Σ (1 − i/10)
});

training('is looked at after shares of the steps, the clock standing still, and stops when told', async () => {
  const plain = bowl([1, 2]);
  const expected = await train(backend, PLAN, plain.weights, plain.gradients, plain.step);
  const { weights, gradients, step } = bowl([1, 2]);
  const looks: number[] = [];
  const clock: number[] = [];
  const seen: Float32Array[] = [];
  const done = await train(backend, PLAN, weights, gradients, step, {}, (averaged) => ({
    checkpoints: {
      shares: [0.001, 0.25, 0.25, 1],
      look: async (at, seconds) => {
        looks.push(at);
        clock.push(seconds);
        seen.push(await backend.read(averaged));
        await new Promise((resolve) => setTimeout(resolve, 300));
      },
    },
  }));
  assert.equal(looks, [1, 30, 120]);
  assert.ok((clock[2] as number) - (clock[0] as number) < 0.3, `${clock}`); // two looks took 0.6 s
  assert.equal(done.weights, expected.weights);
  assert.equal(seen[2], expected.weights);
  assert.not.equal(seen[1], expected.weights);

  const other = bowl([1, 2]);
  const ended: number[] = [];
  const short = await train(backend, PLAN, other.weights, other.gradients, other.step, {}, () => ({
    checkpoints: { shares: [0.5], look: async (at) => void ended.push(at) },
    goOn: async (at) => at < 73,
  }));
  assert.equal(short.steps, [50, 73]);
  assert.equal(ended, [60, 73]);
});

training.run();
