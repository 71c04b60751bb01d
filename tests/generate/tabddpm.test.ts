/** TabDDPM: what it learns, its options, and its ways of sampling. The contract of all generators is tested elsewhere. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { CancelledError, ComputeError, InputError } from '../../ts/errors.js';
import { collapseOf } from '../../ts/generate/collapse.js';
import { samplingTimes } from '../../ts/generate/diffusion-sampling.js';
import { type TabDDPMOptions, tabddpm, trainingSteps } from '../../ts/generate/tabddpm.js';
import { Stream } from '../../ts/random.js';
import { type Dataset, type LevelColumn, type NumberColumn, rowsWhere, type Table, takeRows } from '../../ts/table/table.js';
import { close } from '../close.js';
import { tableBytes } from '../contract/fingerprint.js';
import { mixed } from '../contract/fixtures.js';
import { rejection } from '../contract/rejection.js';

const suiteOf = suite('tabddpm');
const backend = await wasmBackend();
const run = { backend };

/** Two numbers on a narrow ellipse, a level tied to their sign, and cells missing together; two modes, left and right. */
function bimodal(positives: number, negatives: number): Dataset {
  const stream = Stream.fromSeed(5);
  const rows = positives + negatives;
  const y = Uint8Array.from({ length: rows }, (_, i) => (i < positives ? 1 : 0));
  return { name: 'bimodal', y, group: null, target: { column: 'y', positive: '1', negative: '0' }, features: table(rows, y) };

  function table(count: number, labels: Uint8Array): Table {
    const side = Array.from({ length: count }, () => stream.below(2));
    const bell = () => {
      let sum = -6;
      for (let i = 0; i < 12; i++) sum += stream.uniform();
      return sum;
    };
    const a = side.map((s, i) => (s ? 3 : -3) + 0.5 * bell() + (labels[i] ? 20 : 0));
    const b = a.map((v) => 2 * v + 0.3 * bell());
    const gone = side.map(() => stream.uniform() < 0.3);
    const number = (name: string, values: number[]): NumberColumn => ({
      name,
      kind: 'numeric',
      values: Float64Array.from(values),
      decimals: -1,
    });
    const level: LevelColumn = { name: 'side', kind: 'binary', levels: ['left', 'right'], codes: Int32Array.from(side) };
    const columns = [
      number('a', a),
      number('b', b),
      number(
        'c',
        gone.map((g) => (g ? Number.NaN : bell())),
      ),
      number(
        'd',
        gone.map((g) => (g ? Number.NaN : bell())),
      ),
      level,
    ];
    return { rows: count, columns };
  }
}

const numbers = (table: Table, name: string) => (table.columns.find((c) => c.name === name) as NumberColumn).values;
const codes = (table: Table, name: string) => (table.columns.find((c) => c.name === name) as LevelColumn).codes;

/** What the rows of `bimodal` have in common, as shares of the synthetic rows. */
function check(table: Table, where: string): void {
  const [a, b, c, d, side] = [numbers(table, 'a'), numbers(table, 'b'), numbers(table, 'c'), numbers(table, 'd'), codes(table, 'side')];
  const share = (holds: (i: number) => boolean) =>
    Array.from({ length: table.rows }, (_, i) => Number(holds(i))).reduce((x, y) => x + y, 0) / table.rows;
  assert.ok(share((i) => a[i]! > 10) === 1, `${where}: minority rows only`);
  close(
    share((i) => a[i]! > 20),
    0.5,
    { abs: 0.15 },
    `${where}: both modes`,
  );
  assert.ok(share((i) => Math.abs(a[i]! - 20) > 1) > 0.9, `${where}: the gap between the modes stays empty`);
  assert.ok(share((i) => Math.abs(b[i]! - 2 * a[i]!) < 2) > 0.9, `${where}: the two numbers stay on their line`);
  assert.ok(share((i) => a[i]! > 20 === (side[i] === 1)) > 0.9, `${where}: the level follows the mode`);
  assert.ok(share((i) => Number.isNaN(c[i]!) === Number.isNaN(d[i]!)) > 0.9, `${where}: what is missing together stays so`);
  close(
    share((i) => Number.isNaN(c[i]!)),
    0.3,
    { abs: 0.15 },
    `${where}: missing cells`,
  );
}

suiteOf('keeps modes, correlations, levels and joint missingness, however it is sampled', async () => {
  const train = bimodal(100, 20);
  const ways: Partial<TabDDPMOptions>[] = [
    {},
    { sampler: 'ddpm' },
    { sampler: 'ddpm', samplingSteps: 50 },
    { samplingSteps: 25 },
    { eta: 1 },
  ];
  for (const way of ways) {
    const sampler = await tabddpm.fit(train, Stream.fromSeed(1), run, { layers: [128, 128], steps: 500, ...way });
    check(await sampler.sample(400, Stream.fromSeed(2), run), JSON.stringify(way));
  }
});

suiteOf('learns with each prediction and schedule, at any number of steps', async () => {
  const train = bimodal(60, 20);
  const ways: Partial<TabDDPMOptions>[] = [
    { prediction: 'epsilon' },
    { prediction: 'x0' },
    { schedule: 'linear' },
    { timesteps: 1 },
    { timesteps: 3 },
    { timesteps: 1000, samplingSteps: 10 }, // more times than rows of a batch
    { layers: [] },
    { emaDecay: 0 },
    { clip: 0 },
    { batch: 1 },
  ];
  for (const way of ways) {
    const sampler = await tabddpm.fit(train, Stream.fromSeed(1), run, { layers: [32], hidden: 16, steps: 60, ...way });
    const table = await sampler.sample(20, Stream.fromSeed(2), run);
    assert.ok(numbers(table, 'a').every(Number.isFinite), JSON.stringify(way));
    assert.ok(sampler.history.losses.every(Number.isFinite), JSON.stringify(way));
  }
});

suiteOf('a handful of rows gives rows that differ, and are like them', async () => {
  for (const positives of [2, 3, 5, 10]) {
    const train = mixed({ rows: 60, positives });
    const sampler = await tabddpm.fit(train, Stream.fromSeed(1), run, { layers: [64, 64], hidden: 32 });
    const table = await sampler.sample(100, Stream.fromSeed(2), run);
    const real = takeRows(train.features, rowsWhere(train.y, 1));
    assert.is(collapseOf(real, table), null, `${positives} rows`);
    const different = new Set(numbers(table, 'score')).size;
    assert.ok(different > 30, `${positives} rows: ${different} different scores of 100`);
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [low, high] = [Math.min(...numbers(real, 'score')), Math.max(...numbers(real, 'score'))];
    close(mean(numbers(table, 'score')), mean(numbers(real, 'score')), { abs: 0.35 * (high - low) }, `${positives} rows: mean score`);
  }
});

suiteOf('the loss falls, and is noted with steps and seconds', async () => {
  const sampler = await tabddpm.fit(bimodal(100, 20), Stream.fromSeed(1), run, { layers: [64, 64], steps: 400 });
  const { steps, losses, seconds } = sampler.history;
  assert.is(steps.at(-1), 400);
  assert.is(losses.length, steps.length);
  assert.is(seconds.length, steps.length);
  assert.ok(losses.at(-1)! < 0.8 * losses[0]!, `${losses[0]} → ${losses.at(-1)}`);
});

suiteOf('leaves the memory of the backend as it found it, also when it fails', async () => {
  const train = mixed({ rows: 40, positives: 12 });
  const small = { layers: [16], hidden: 8, steps: 20 };
  const sampler = await tabddpm.fit(train, Stream.fromSeed(1), run, small); // memory grows to what is needed
  await sampler.sample(30, Stream.fromSeed(2), run);
  const mark = JSON.stringify(backend.mark());
  await (await tabddpm.fit(train, Stream.fromSeed(1), run, small)).sample(30, Stream.fromSeed(2), run);
  assert.is(JSON.stringify(backend.mark()), mark);
  const stop = new AbortController();
  stop.abort();
  try {
    await tabddpm.fit(train, Stream.fromSeed(1), { backend, signal: stop.signal }, small);
    assert.unreachable('it went on');
  } catch (error) {
    assert.instance(error, CancelledError);
  }
  assert.is(JSON.stringify(backend.mark()), mark);
});

suiteOf('diverging training ends in an error, not in rows', async () => {
  let step = 0;
  const { diffusion } = backend;
  const loss: typeof diffusion.loss = (...given) => {
    const [, , , , , , , dOutput, losses, slot] = given;
    diffusion.loss(...given);
    if (++step < 30) return;
    backend.write(backend.view(losses, slot, 1, 1), Float32Array.of(Number.NaN));
    backend.network.fill(dOutput, Number.NaN);
  };
  const broken = { ...backend, diffusion: { ...diffusion, loss } };
  try {
    await tabddpm.fit(bimodal(40, 10), Stream.fromSeed(1), { backend: broken }, { layers: [16], hidden: 8, steps: 60 });
    assert.unreachable('it went on');
  } catch (error) {
    assert.instance(error, ComputeError);
    assert.match((error as Error).message, /training diverged.*steps 1 to 50 of 60.*lower the learning rate, now 0.003/);
  }
});

suiteOf('the rule for training steps grows smoothly', () => {
  for (let n = 2; n < 20000; n += 7) {
    const [here, next] = [trainingSteps(n), trainingSteps(n + 7)];
    assert.ok(next >= here && next - here <= 10, `${n}: ${here} → ${next}`);
  }
  assert.ok(trainingSteps(2) >= 200 && trainingSteps(200) <= 1000);
});

suiteOf('sampling visits both ends, evenly', () => {
  assert.equal([...samplingTimes({ timesteps: 5, samplingSteps: null, sampler: 'ddim' })], [4, 3, 2, 1, 0]);
  assert.equal([...samplingTimes({ timesteps: 100, samplingSteps: 4, sampler: 'ddim' })], [99, 66, 33, 0]);
  assert.equal([...samplingTimes({ timesteps: 100, samplingSteps: 1, sampler: 'ddim' })], [99]);
  assert.equal([...samplingTimes({ timesteps: 1, samplingSteps: null, sampler: 'ddim' })], [0]);
  // a draw that starts later takes its share of the steps
  assert.equal([...samplingTimes({ timesteps: 10, samplingSteps: null, sampler: 'ddim' }, 3)], [3, 2, 1, 0]);
  assert.equal([...samplingTimes({ timesteps: 100, samplingSteps: 10, sampler: 'ddim' }, 39)], [39, 26, 13, 0]);
  assert.equal([...samplingTimes({ timesteps: 100, samplingSteps: 10, sampler: 'ddim' }, 0)], [0]);
});

suiteOf('one fit can be sampled in other ways', async () => {
  const train = bimodal(60, 20);
  const options = { layers: [32], hidden: 16, steps: 60 };
  const sampler = await tabddpm.fit(train, Stream.fromSeed(1), run, options);
  const draw = async (way: Partial<TabDDPMOptions>) => tableBytes(await sampler.sampleBy(way, 20, Stream.fromSeed(2), run));
  assert.is(await draw({}), tableBytes(await sampler.sample(20, Stream.fromSeed(2), run)));
  for (const way of [{ sampler: 'ddpm' }, { sampler: 'ddim', samplingSteps: 20, eta: 1 }] as const) {
    const own = await tabddpm.fit(train, Stream.fromSeed(1), run, { ...options, ...way });
    assert.is(await draw(way), tableBytes(await own.sample(20, Stream.fromSeed(2), run)));
  }
  const error = await rejection(sampler.sampleBy({ samplingSteps: 101 }, 5, Stream.fromSeed(2), run));
  assert.match(error.message, /"samplingSteps" expected at most the 100 timesteps, got 101/);
});

suiteOf('options are checked by name', async () => {
  const train = mixed({ rows: 20, positives: 5 });
  const bad: [Partial<TabDDPMOptions>, RegExp][] = [
    [{ timesteps: 0 }, /"timesteps" expected an integer of at least 1, got 0/],
    [{ steps: 1.5 }, /"steps" expected an integer of at least 1, got 1.5/],
    [{ layers: [16, 0] }, /"layers" expected integers of at least 1, got 0/],
    [{ learningRate: Number.NaN }, /"learningRate" expected a number in 0..1, got NaN/],
    [{ samplingSteps: 101 }, /"samplingSteps" expected at most the 100 timesteps, got 101/],
    [{ schedule: 'linear', timesteps: 20 }, /"timesteps" expected more than 20 with the linear schedule, got 20/],
    [{ oneHotFloor: 0 }, /"oneHotFloor"/],
    [{ clip: -1 }, /"clip"/],
  ];
  for (const [options, message] of bad) {
    try {
      await tabddpm.fit(train, Stream.fromSeed(1), run, { steps: 5, ...options });
      assert.unreachable(JSON.stringify(options));
    } catch (error) {
      assert.instance(error, InputError, JSON.stringify(options));
      assert.match((error as Error).message, message);
    }
  }
});

suiteOf.run();
