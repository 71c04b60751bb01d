/** TVAE: what it learns, and its options. The contract of all generators is tested elsewhere. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { ComputeError, InputError } from '../../ts/errors.js';
import { tvae, tvaeSteps } from '../../ts/generate/tvae.js';
import type { TVAEOptions } from '../../ts/generate/tvae-options.js';
import { Stream } from '../../ts/random.js';
import { mixed } from '../contract/fixtures.js';
import { rejection } from '../contract/rejection.js';
import { between, bimodal, keptOf } from './bimodal.js';

const test = suite('tvae');
const backend = await wasmBackend();
const run = { backend };

for (const labels of ['minority', 'conditional'] as const) {
  test(`${labels}: keeps the class, modes, correlations, levels and gaps`, async () => {
    const sampler = await tvae.fit(bimodal(100, labels === 'minority' ? 20 : 200), Stream.fromSeed(1), run, { labels, steps: 1000 });
    const kept = keptOf(await sampler.sample(500, Stream.fromSeed(2), run));
    between(kept.minority, 0.95, 1, 'minority rows');
    between(kept.right, 0.3, 0.7, 'the right mode');
    between(kept.apart, 0.65, 1, 'the gap between the modes stays rather empty');
    between(kept.line, 0.65, 1, 'the two numbers keep together'); // half of the rows, were they independent
    between(kept.level, 0.75, 1, 'the level follows the mode');
    between(kept.missing, 0.15, 0.45, 'missing cells');
  });
}

test('the loss falls, and is noted with steps and seconds', async () => {
  const { history } = await tvae.fit(bimodal(100, 20), Stream.fromSeed(1), run, { steps: 300 });
  assert.is(history.steps.at(-1), 300);
  assert.ok(history.losses.at(-1)! < 0.5 * history.losses[0]!, `${history.losses[0]} → ${history.losses.at(-1)}`);
});

test('the rule for steps: 300 epochs of batches of 500, within bounds', () => {
  assert.equal([2, 500, 2000, 5000, 100000].map(tvaeSteps), [600, 600, 1200, 3000, 3000]);
});

test('diverging training ends in an error, not in rows', async () => {
  const { generative } = backend;
  let step = 0;
  const reconstructionLoss: typeof generative.reconstructionLoss = (...given) => {
    generative.reconstructionLoss(...given);
    if (++step >= 30) backend.network.fill(given[5], Number.NaN);
  };
  const broken = { ...backend, generative: { ...generative, reconstructionLoss } };
  const error = await rejection(tvae.fit(bimodal(40, 10), Stream.fromSeed(1), { backend: broken }, { steps: 60 }), 'fit');
  assert.instance(error, ComputeError);
  assert.match(error.message, /training diverged.*lower the learning rate, now 0.001/);
});

test('options are checked by name', async () => {
  const train = mixed({ rows: 20, positives: 5 });
  const bad: [Partial<TVAEOptions>, RegExp][] = [
    [{ latent: 0 }, /"latent" expected an integer of at least 1, got 0/],
    [{ steps: 1.5 }, /"steps" expected an integer of at least 1, got 1.5/],
    [{ encoder: [16, 0] }, /"encoder" expected integers of at least 1, got 0/],
    [{ decoder: [-1] }, /"decoder" expected integers of at least 1, got -1/],
    [{ learningRate: Number.NaN }, /"learningRate" expected a number in 0..1, got NaN/],
    [{ factor: 0 }, /"factor" expected a number in \(0, 1000\], got 0/],
  ];
  for (const [options, message] of bad) {
    const error = await rejection(tvae.fit(train, Stream.fromSeed(1), run, options), JSON.stringify(options));
    assert.instance(error, InputError);
    assert.match(error.message, message);
  }
});

test.run();
