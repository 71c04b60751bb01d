/** CTGAN: what it learns, and its options. The contract of all generators is tested elsewhere. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { ComputeError, InputError } from '../../ts/errors.js';
import { ctgan, ctganSteps } from '../../ts/generate/ctgan.js';
import type { CTGANOptions } from '../../ts/generate/ctgan-options.js';
import type { Checkpoint } from '../../ts/generate/generator.js';
import { Stream } from '../../ts/random.js';
import { mixed } from '../contract/fixtures.js';
import { rejection } from '../contract/rejection.js';
import { between, bimodal, keptOf } from './bimodal.js';

const test = suite('ctgan');
const backend = await wasmBackend();
const run = { backend };
const SMALL = { generator: [64, 64], critic: [64, 64], latent: 32, dropout: 0 };

test('minority: keeps both modes, levels and gaps', async () => {
  const sampler = await ctgan.fit(bimodal(100, 20), Stream.fromSeed(1), run, { ...SMALL, steps: 800, learningRate: 1e-3 });
  const kept = keptOf(await sampler.sample(500, Stream.fromSeed(2), run));
  between(kept.minority, 1, 1, 'minority rows');
  between(kept.right, 0.2, 0.8, 'both modes');
  between(kept.apart, 0.9, 1, 'the gap between the modes stays empty');
  between(kept.level, 0.8, 1, 'the level follows the mode');
  between(kept.missing, 0.15, 0.5, 'missing cells');
});

test('conditional: learns from all rows, and gives the minority when asked', async () => {
  const options = { ...SMALL, labels: 'conditional', steps: 800, learningRate: 1e-3 } as const;
  const sampler = await ctgan.fit(bimodal(100, 100), Stream.fromSeed(1), run, options);
  const { minority } = keptOf(await sampler.sample(500, Stream.fromSeed(2), run));
  between(minority, 0.85, 1, 'minority rows, which are half of the table'); // minority rows lie around 17 and 23, others around −3 and 3
});

test('the rule for steps: 300 epochs of batches of 500, within bounds', () => {
  assert.equal([2, 500, 3000, 100000].map(ctganSteps), [1500, 1500, 1800, 3000]);
});

test('history: as many steps as asked, and numbers that are finite', async () => {
  const { history } = await ctgan.fit(mixed({ rows: 70, positives: 50 }), Stream.fromSeed(1), run, { ...SMALL, steps: 33 });
  assert.equal(history.steps, [10, 20, 30, 33]);
  assert.ok(history.losses.every(Number.isFinite));
});

test('a feature may have the name of the outcome', async () => {
  const data = bimodal(30, 30);
  const named = { ...data, target: { ...data.target, column: 'side' } };
  const sampler = await ctgan.fit(named, Stream.fromSeed(1), run, { ...SMALL, steps: 5 });
  const { columns } = await sampler.sample(3, Stream.fromSeed(2), run);
  assert.equal(
    columns.map(({ name }) => name),
    ['a', 'b', 'c', 'side'],
  );
});

test('rows of a step are made up to whole packs, whatever their number', async () => {
  for (const [pac, batch] of [
    [1, 1],
    [3, 10],
    [10, 7],
    [4, 1000],
  ] as const) {
    const drawn: number[] = [];
    const onCheckpoint = async ({ sampler }: Checkpoint) => void drawn.push((await sampler.sample(3, Stream.fromSeed(2), run)).rows);
    const options = { ...SMALL, pac, batch, steps: 4 };
    const fit = ctgan.fit(mixed({ rows: 22, positives: 13 }), Stream.fromSeed(1), { backend, onCheckpoint }, options);
    await fit.catch((error: Error) => assert.match(error.message, /training collapsed/)); // so few steps may teach nothing
    assert.equal(drawn, [3, 3, 3, 3], `${pac}, ${batch}`);
  }
});

test('diverging training ends in an error, not in rows', async () => {
  const { generative } = backend;
  let step = 0;
  const gradientPenalty: typeof generative.gradientPenalty = (...given) => {
    generative.gradientPenalty(...given);
    if (++step >= 12) backend.network.fill(given[2], Number.NaN);
  };
  const broken = { ...backend, generative: { ...generative, gradientPenalty } };
  const error = await rejection(ctgan.fit(bimodal(40, 10), Stream.fromSeed(1), { backend: broken }, { ...SMALL, steps: 40 }), 'fit');
  assert.instance(error, ComputeError);
  assert.match(error.message, /training diverged.*steps 11 to 20 of 40.*lower the learning rate, now/);
});

test('options are checked by name', async () => {
  const train = mixed({ rows: 20, positives: 5 });
  const bad: [Partial<CTGANOptions>, RegExp][] = [
    [{ pac: 0 }, /"pac" expected an integer of at least 1, got 0/],
    [{ steps: 1.5 }, /"steps" expected an integer of at least 1, got 1.5/],
    [{ generator: [16, 0] }, /"generator" expected integers of at least 1, got 0/],
    [{ learningRate: 2 }, /"learningRate" expected a number in 0..1, got 2/],
    [{ dropout: 1 }, /"dropout" expected a number in \[0, 1\), got 1/],
    [{ penalty: -1 }, /"penalty" expected a number of at least 0, got -1/],
    [{ temperature: 0 }, /"temperature" expected a number in \(0, 10\], got 0/],
  ];
  for (const [options, message] of bad) {
    const error = await rejection(ctgan.fit(train, Stream.fromSeed(1), run, options), JSON.stringify(options));
    assert.instance(error, InputError);
    assert.match(error.message, message);
  }
});

test.run();
