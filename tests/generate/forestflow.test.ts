/** ForestFlow: what it learns, its checkpoints and its options. The contract of all generators is tested elsewhere. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { fitEncoder } from '../../ts/encode/encoder.js';
import { InputError } from '../../ts/errors.js';
import { encodedOf, flowLayout, flowRows } from '../../ts/generate/flow-rows.js';
import { forestflow, noiseCopies } from '../../ts/generate/forestflow.js';
import type { ForestFlowOptions } from '../../ts/generate/forestflow-options.js';
import { CHECKPOINTS } from '../../ts/generate/generator.js';
import { Stream } from '../../ts/random.js';
import { tableBytes } from '../contract/fingerprint.js';
import { awkward, categorical, mixed } from '../contract/fixtures.js';
import { rejection } from '../contract/rejection.js';
import { between, bimodal, keptOf } from './bimodal.js';

const test = suite('forestflow');
const backend = await wasmBackend();
const run = { backend };

test('keeps modes, correlations, levels and gaps', async () => {
  const sampler = await forestflow.fit(bimodal(100, 20), Stream.fromSeed(1), run);
  const kept = keptOf(await sampler.sample(500, Stream.fromSeed(2), run));
  assert.is(kept.minority, 1);
  between(kept.right, 0.35, 0.65, 'the right mode');
  between(kept.apart, 0.9, 1, 'the gap between the modes');
  between(kept.line, 0.9, 1, 'the two numbers keep together'); // half of the rows, were they independent
  between(kept.level, 0.88, 1, 'the level follows the mode');
  between(kept.missing, 0.2, 0.4, 'missing cells');
});

test('missing cells keep company: a number that is gone whenever another one is', async () => {
  const real = bimodal(100, 20);
  const columns = real.features.columns.flatMap((column) => (column.name === 'c' ? [column, { ...column, name: 'd' }] : [column]));
  const sampler = await forestflow.fit({ ...real, features: { ...real.features, columns } }, Stream.fromSeed(1), run);
  const drawn = await sampler.sample(200, Stream.fromSeed(2), run);
  const [c, d] = ['c', 'd'].map((name) => {
    const column = drawn.columns.find((candidate) => candidate.name === name);
    return Array.from(column && 'values' in column ? column.values : [], Number.isNaN);
  });
  assert.equal(c, d);
  between((c ?? []).filter(Boolean).length / 200, 0.2, 0.4, 'missing');
});

test('rows of a flow are the encoded rows, and come back', () => {
  for (const { features } of [mixed, categorical, awkward].map((make) => make({ rows: 40, positives: 17 }))) {
    const encoder = fitEncoder(features, backend.special);
    const encoded = encoder.encode(features);
    const layout = flowLayout(encoder);
    const rows = flowRows(encoded, layout);
    assert.is(rows.length, 40 * layout.width);
    assert.equal(encodedOf(rows, 40, layout), encoded);
    for (const value of rows.filter((_, i) => i % layout.width >= layout.numbers)) assert.ok(value === 1 || value === -1);
  }
});

test('the loss falls with every round', async () => {
  const { history } = await forestflow.fit(bimodal(60, 20), Stream.fromSeed(1), run, { rounds: 12 });
  assert.equal(history.steps, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  history.losses.slice(1).forEach((loss, i) => {
    assert.ok(loss < (history.losses[i] as number), `round ${i + 2}`);
  });
});

test('checkpoints draw with the first trees; the last one is the model', async () => {
  const seen: { step: number; seconds: number; bytes: string }[] = [];
  const onCheckpoint = async ({
    step,
    seconds,
    sampler,
  }: Parameters<NonNullable<Parameters<typeof forestflow.fit>[2]['onCheckpoint']>>[0]) => {
    seen.push({ step, seconds, bytes: tableBytes(await sampler.sample(20, Stream.fromSeed(2), run)) });
  };
  const train = bimodal(40, 20);
  const sampler = await forestflow.fit(train, Stream.fromSeed(1), { backend, onCheckpoint }, { rounds: 16, levels: 4 });
  assert.equal(
    seen.map(({ step }) => step),
    [...new Set(CHECKPOINTS.map((share) => Math.ceil(share * 16)))],
  );
  for (let i = 1; i < seen.length; i++) assert.ok((seen[i]?.seconds as number) > (seen[i - 1]?.seconds as number));
  assert.is(seen.at(-1)?.bytes, tableBytes(await sampler.sample(20, Stream.fromSeed(2), run)));
  const half = await forestflow.fit(train, Stream.fromSeed(1), run, { rounds: 8, levels: 4 });
  assert.is(seen.find(({ step }) => step === 8)?.bytes, tableBytes(await half.sample(20, Stream.fromSeed(2), run)));
});

test('the rule for copies: about as many noisy rows whatever the number of rows', () => {
  assert.equal([2, 60, 120, 600, 6000, 100000].map(noiseCopies), [50, 50, 50, 10, 1, 1]);
});

test('options are checked by name', async () => {
  const train = mixed({ rows: 20, positives: 5 });
  const bad: [Partial<ForestFlowOptions>, RegExp][] = [
    [{ levels: 0 }, /"levels" expected an integer of at least 1, got 0/],
    [{ copies: 1.5 }, /"copies" expected an integer of at least 1, got 1.5/],
    [{ rounds: -1 }, /"rounds" expected an integer of at least 1, got -1/],
    [{ learningRate: 2 }, /"learningRate" expected a number in 0..1, got 2/],
    [{ lambda: Number.NaN }, /"lambda" expected a number of at least 0, got NaN/],
    [{ lambda: Number.POSITIVE_INFINITY }, /"lambda" expected a number of at least 0, got Infinity/],
    [{ maxBins: 300 }, /"maxBins" expected an integer in 2..256, got 300/],
  ];
  for (const [options, message] of bad) {
    const error = await rejection(forestflow.fit(train, Stream.fromSeed(1), run, options), JSON.stringify(options));
    assert.instance(error, InputError);
    assert.match(error.message, message);
  }
});

test.run();
