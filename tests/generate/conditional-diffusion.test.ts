/** The class-conditional diffusion model: draws of either class, guidance, rows noised part of the way, and one fit for several methods. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Backend } from '../../ts/backend/backend.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { InputError } from '../../ts/errors.js';
import type { ConditionalDiffusion } from '../../ts/generate/conditional-codec.js';
import { CONDITIONAL_DEFAULTS, type PartialOptions } from '../../ts/generate/conditional-options.js';
import { drawRows, type Wanted } from '../../ts/generate/diffusion-sampling.js';
import type { Run, Sampler } from '../../ts/generate/generator.js';
import { tabddpmJoint } from '../../ts/generate/tabddpm-joint.js';
import { tabddpmPartial } from '../../ts/generate/tabddpm-partial.js';
import { NO_LABEL } from '../../ts/generate/trained-diffusion.js';
import { Stream } from '../../ts/random.js';
import { type Dataset, takeDataset, takeRows } from '../../ts/table/table.js';
import { allClose } from '../close.js';
import { tableBytes } from '../contract/fingerprint.js';
import { mixed } from '../contract/fixtures.js';
import { rejection } from '../contract/rejection.js';
import { between, bimodal, codesOf, keptOf, numbersOf } from './bimodal.js';

const conditional = suite('class-conditional diffusion');
const backend = await wasmBackend();
const run: Run = { backend };
const SIZE = { layers: [128, 128], batch: 120, steps: 400 };
const SMALL = { layers: [16], hidden: 8, steps: 30, timesteps: 20 };

const fitOf = (train: Dataset, options: object) =>
  tabddpmJoint.model?.fit(train, Stream.fromSeed(1), run, options) as Promise<ConditionalDiffusion>;
const partialOf = (model: ConditionalDiffusion, options: Partial<PartialOptions>) => tabddpmPartial.model?.from(model, options) as Sampler;

const train = bimodal(60, 200);
const learnt = await fitOf(train, SIZE);

conditional('draws either class, with the structure of its rows', async () => {
  const sampler = tabddpmJoint.model?.from(learnt, SIZE) as Sampler;
  const minority = keptOf(await sampler.sample(400, Stream.fromSeed(2), run));
  between(minority.minority, 0.95, 1, 'minority rows');
  between(minority.right, 0.35, 0.65, 'both modes');
  between(minority.level, 0.9, 1, 'levels that follow their mode');
  between(minority.line, 0.8, 1, 'numbers on their line');
  between(minority.missing, 0.15, 0.45, 'gaps');
  assert.ok(sampler.sampleMajority);
  const majority = keptOf(await sampler.sampleMajority(400, Stream.fromSeed(2), run));
  between(majority.minority, 0, 0.05, 'majority rows'); // these lie around −3 and 3
});

conditional('one fit serves both methods, as their own fits would', async () => {
  const data = mixed({ rows: 60, positives: 16 });
  const shared = await fitOf(data, SMALL);
  for (const method of [tabddpmJoint, tabddpmPartial]) {
    const own = await method.fit(data, Stream.fromSeed(1), run, SMALL);
    const from = method.model?.from(shared, SMALL) as Sampler;
    assert.equal(from.history.losses, own.history.losses);
    assert.is(tableBytes(await from.sample(20, Stream.fromSeed(2), run)), tableBytes(await own.sample(20, Stream.fromSeed(2), run)));
  }
});

conditional('without majority rows there is no majority to draw', async () => {
  const sampler = await tabddpmJoint.fit(mixed({ rows: 20, positives: 20 }), Stream.fromSeed(1), run, SMALL);
  assert.is(sampler.sampleMajority, undefined);
});

conditional('hardly noised rows are the real ones, each equally often; the more noise, the farther', async () => {
  const real = numbersOf(
    takeRows(
      train.features,
      Array.from({ length: 60 }, (_, i) => i),
    ),
    'a',
  );
  const nearest = (value: number) =>
    real.reduce((best, a, i) => (Math.abs(a - value) < Math.abs((real[best] as number) - value) ? i : best), 0);
  const distances: number[] = [];
  for (const strength of [0.01, 0.2, 0.8]) {
    const table = await partialOf(learnt, { ...SIZE, strength }).sample(120, Stream.fromSeed(2), run);
    const a = numbersOf(table, 'a');
    const b = numbersOf(table, 'b');
    between(a.filter((value) => value > 10).length / 120, 0.85, 1, 'minority rows');
    if (strength === 0.01) {
      const times = new Map<number, number>();
      for (const value of a) times.set(nearest(value), (times.get(nearest(value)) ?? 0) + 1);
      between(times.size, 40, 60, 'different sources');
      assert.ok(Math.max(...times.values()) <= 8);
    }
    // the same rows come at every strength, so that they can be compared one by one
    const source = await partialOf(learnt, { ...SIZE, strength: 0.01 }).sample(120, Stream.fromSeed(2), run);
    const moved = b.map((value, i) => Math.abs(value - (numbersOf(source, 'b')[i] as number))).sort((x, y) => x - y);
    distances.push(moved[60] as number);
  }
  assert.ok(distances[0] === 0 && (distances[1] as number) < (distances[2] as number), `${distances}`);
});

conditional('levels and gaps are noised too, and stay with what they belong to', async () => {
  const positives = takeDataset(
    train,
    Array.from({ length: 60 }, (_, i) => i),
  );
  assert.ok(positives.y.every((y) => y === 1));
  const draw = async (strength: number) => await partialOf(learnt, { ...SIZE, strength }).sample(600, Stream.fromSeed(3), run);
  const [little, much] = [await draw(0.01), await draw(0.9)];
  const changed = (column: 'side' | 'c') => {
    const cells = (table: typeof much) =>
      column === 'side' ? [...codesOf(table, 'side')] : Array.from(numbersOf(table, 'c'), (value) => Number(Number.isNaN(value)));
    const [before, after] = [cells(little), cells(much)];
    return after.filter((value, i) => value !== before[i]).length / 600;
  };
  between(changed('side'), 0.3, 0.7, 'sides that changed');
  between(changed('c'), 0.2, 0.7, 'gaps that changed');
  const kept = keptOf(much);
  between(kept.level, 0.85, 1, 'levels that follow their mode');
  between(kept.line, 0.8, 1, 'numbers on their line');
});

/** The same backend, which also keeps what the network said in each reverse step. */
function listening(outputs: Promise<Float32Array>[]): Backend {
  const step: typeof backend.diffusion.step = (...given) => {
    outputs.push(backend.read(given[2]));
    backend.diffusion.step(...given);
  };
  return { ...backend, diffusion: { ...backend.diffusion, step } };
}

conditional('guidance is the stated combination of the labelled and the unlabelled prediction, on numbers and logits', async () => {
  const data = mixed({ rows: 60, positives: 16 });
  const { model } = await fitOf(data, { ...SMALL, labelDropout: 0.3 });
  const options = { ...CONDITIONAL_DEFAULTS, ...SMALL };
  const first = async (wanted: Wanted) => {
    const outputs: Promise<Float32Array>[] = [];
    await drawRows(model, options, wanted, 17, Stream.fromSeed(3), { backend: listening(outputs) });
    return (await outputs[0]) as Float32Array;
  };
  const labelled = await first({ label: 1, guidance: 0 });
  const unlabelled = await first({ label: NO_LABEL, guidance: 0 });
  assert.not.equal(labelled, unlabelled);
  for (const w of [0.3, 1, 4]) {
    const want = labelled.map((value, i) => (1 + w) * value - w * (unlabelled[i] as number));
    allClose(await first({ label: 1, guidance: w }), want, { abs: 1e-5, rel: 1e-5 }, `guidance ${w}`);
  }
});

conditional('without guidance the draws are the unguided ones, to the bit', async () => {
  const data = mixed({ rows: 60, positives: 16 });
  const dropped = { ...SMALL, labelDropout: 0.1 };
  const draw = async (options: object) => {
    const sampler = await tabddpmJoint.fit(data, Stream.fromSeed(1), run, options);
    return tableBytes(await sampler.sample(20, Stream.fromSeed(2), run));
  };
  const plain = await draw(dropped);
  assert.is(await draw({ ...dropped, guidance: 0 }), plain);
  assert.is.not(await draw({ ...SMALL, guidance: 1 }), plain);
  assert.is.not(await draw(SMALL), plain); // no label left out
});

conditional('options are checked by name', async () => {
  const data = mixed({ rows: 20, positives: 5 });
  const bad: [object, RegExp][] = [
    [{ guidance: -1 }, /"guidance" expected a number in 0..100, got -1/],
    [{ guidance: 1, labelDropout: 0 }, /"labelDropout" expected more than 0 with guidance, got 0/],
    [{ labelDropout: 1.5 }, /"labelDropout" expected a number in 0..1, got 1.5/],
    [{ strength: 0 }, /"strength" expected a number in \(0, 1\], got 0/],
    [{ strength: Number.NaN }, /"strength" expected a number in \(0, 1\], got NaN/],
    [{ timesteps: 0 }, /"timesteps" expected an integer of at least 1, got 0/],
  ];
  for (const [options, message] of bad) {
    const error = await rejection(tabddpmPartial.fit(data, Stream.fromSeed(1), run, { ...SMALL, ...options }), JSON.stringify(options));
    assert.instance(error, InputError);
    assert.match(error.message, message);
  }
  const error = await rejection(Promise.resolve().then(() => partialOf(learnt, { strength: 2 })));
  assert.match(error.message, /"strength"/);
});

conditional.run();
