/**
 * Every job gives way often enough to be stopped, and a backend whose job was stopped does the next one as a fresh one would. The clock
 * is made to run so fast that each place where work may give way does; these places are counted instead of milliseconds.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { type FeatureMatrix, fitFeatures } from '../../ts/encode/features.js';
import { CancelledError } from '../../ts/errors.js';
import { newShared, runCell } from '../../ts/experiment.js';
import { Boosting, generatorMethods, RandomForest, Table } from '../../ts/index.js';
import { Stream } from '../../ts/random.js';
import { cohortCsv, SMALL } from '../library/cohort.js';
import { bytesOf, tableBytes } from './fingerprint.js';
import { mixed } from './fixtures.js';
import { classifiers, generators, nameOf } from './registry.js';
import { rejection } from './rejection.js';

const test = suite('cancelling');
const train = mixed({ rows: 60, positives: 16 });

/** Runs `work` with a clock on which any two looks are a second apart, and counts the turns of the event loop meanwhile. */
async function turnsOf<T>(work: (signal: AbortSignal) => Promise<T>, stopAt = Infinity): Promise<{ turns: number; outcome: T | Error }> {
  const real = Date.now;
  const stop = new AbortController();
  let [time, turns, on] = [0, 0, true];
  Date.now = () => (time += 1000);
  const tick = () => {
    if (++turns === stopAt) stop.abort();
    if (on) setTimeout(tick, 0);
  };
  setTimeout(tick, 0);
  try {
    return { outcome: await work(stop.signal).catch((error: Error) => error), turns };
  } finally {
    on = false;
    Date.now = real;
  }
}

/** The fewest turns of a fit with the registry's options, where it has pieces that can be long: steps, trees, rounds. */
const PIECES: Readonly<Record<string, number>> = {
  random: 0, // copies: microseconds a row
  rf: 10,
  xgb: 10,
  tabddpm: 40,
  'tabddpm-joint': 40,
  'tabddpm-partial': 40,
  ctgan: 40,
  tvae: 40,
};

for (const entry of generators) {
  const { generator, options } = entry;

  test(`${nameOf(entry)}: gives way, and its backend serves the next job as a fresh one`, async () => {
    const draw = async (run: { backend: Awaited<ReturnType<typeof wasmBackend>>; signal?: AbortSignal }) => {
      const sampler = await generator.fit(train, Stream.fromSeed(11), run, options);
      return tableBytes(await sampler.sample(20, Stream.fromSeed(12), run));
    };
    const expected = await draw({ backend: await wasmBackend() });
    const backend = await wasmBackend();
    const mark = backend.mark();
    const whole = await turnsOf((signal) => draw({ backend, signal }));
    assert.is(whole.outcome, expected, 'giving way changes nothing');
    assert.ok(whole.turns >= (PIECES[generator.name] ?? 1), `${whole.turns} turns`);
    for (const stopAt of new Set([1, 2, Math.ceil(whole.turns / 2), whole.turns - 2].filter((n) => n >= 1 && n < whole.turns - 1))) {
      const { outcome, turns } = await turnsOf((signal) => draw({ backend, signal }), stopAt);
      assert.instance(outcome, CancelledError, `stopped at turn ${stopAt} of ${whole.turns}`);
      assert.ok(turns <= stopAt + 2, `asked at turn ${stopAt}, stopped at ${turns}`);
      assert.equal(backend.mark(), mark, `memory after a stop at turn ${stopAt}`);
    }
    assert.is(await draw({ backend }), expected);
  });
}

for (const entry of classifiers) {
  test(`${entry.classifier.name}: gives way, and its backend serves the next job as a fresh one`, async () => {
    const x: FeatureMatrix = fitFeatures(train.features).features(train.features);
    const learn = async (run: { backend: Awaited<ReturnType<typeof wasmBackend>>; signal?: AbortSignal }) => {
      const fitted = await entry.classifier.fit(x, train.y, Stream.fromSeed(1), run, entry.options);
      return bytesOf(await fitted.predict(x, run));
    };
    const expected = await learn({ backend: await wasmBackend() });
    const backend = await wasmBackend();
    const mark = backend.mark();
    const whole = await turnsOf((signal) => learn({ backend, signal }));
    assert.is(whole.outcome, expected);
    assert.ok(whole.turns >= (PIECES[entry.classifier.name] as number), `${whole.turns} turns`);
    for (const stopAt of [1, Math.ceil(whole.turns / 2)]) {
      const { outcome, turns } = await turnsOf((signal) => learn({ backend, signal }), stopAt);
      assert.instance(outcome, CancelledError);
      assert.ok(turns <= stopAt + 2, `asked at turn ${stopAt}, stopped at ${turns}`);
      assert.equal(backend.mark(), mark);
    }
    assert.is(await learn({ backend }), expected);
  });
}

const table = Table.fromCsv(cohortCsv(60, 20), { name: 'cohort' });
const roles = { target: 'died', exclude: ['id', 'note'] };

test('every job of the library refuses a signal that was aborted before, and takes one that was not', async () => {
  const gone = { signal: AbortSignal.abort() };
  for (const method of generatorMethods) {
    const options = Object.fromEntries(
      Object.entries({ ...SMALL, generator: [16], critic: [16] }).filter(([name]) => name in method.defaults),
    );
    const quick = method.method === 'forestflow' ? { ...options, rounds: 2, levels: 2, copies: 2 } : options;
    assert.instance(await rejection(method.fit(table, { ...roles, ...quick, ...gone })), CancelledError, method.method);
    const model = await method.fit(table, { ...roles, ...quick });
    assert.instance(await rejection(model.sample(3, gone)), CancelledError, method.method);
    assert.instance(await rejection(method.open(model.save(), gone)), CancelledError, method.method);
  }
  for (const classifier of [RandomForest, Boosting]) {
    const model = await classifier.fit(table, roles);
    assert.instance(await rejection(model.predictProbability(table, gone)), CancelledError);
    assert.instance(await rejection(classifier.open(model.save(), gone)), CancelledError);
    const [p, q] = await Promise.all([1, 2].map(() => model.predictProbability(table, { signal: new AbortController().signal })));
    assert.equal(p, q, 'predictions at a time do not meet');
  }
});

test('a cell of the study gives way between its parts, and its backend runs the next one', async () => {
  const backend = await wasmBackend();
  const data = { ...mixed({ rows: 160, positives: 50 }), name: 'mixed' };
  const cell = { dataset: 'mixed', split: 0, method: 'smote', ratio: 1 };
  const setting = { seed: 1, classifiers: ['rf', 'xgb'], tuned: false, version: '0', portrayedRatio: 1 };
  const run = async (signal?: AbortSignal) => {
    const { lines } = await runCell(cell, data, setting, { backend, signal, shared: newShared() });
    return JSON.stringify(lines.map(({ fit_s, sample_s, classifier_s, memory_mb, ...line }) => line));
  };
  const expected = await run();
  const mark = backend.mark();
  const whole = await turnsOf(run);
  assert.is(whole.outcome, expected);
  assert.ok(whole.turns > 200, `${whole.turns} turns`); // trees of two classifiers and parts of the measures
  for (const stopAt of [1, 4, 8, Math.ceil(whole.turns / 2)]) {
    const { outcome, turns } = await turnsOf(run, stopAt);
    assert.instance(outcome, CancelledError);
    assert.ok(turns <= stopAt + 2, `asked at turn ${stopAt}, stopped at ${turns}`);
    assert.equal(backend.mark(), mark);
  }
  assert.is(await run(), expected);
});

test.run();
