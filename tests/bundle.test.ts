/** What a page downloads: the core bundle keeps to its budget and works by itself. docs/performance.md defines it. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Backend } from '../ts/backend/backend.js';
import * as core from '../ts/core.js';
import { smote } from '../ts/generate/smote.js';
import { tabddpm } from '../ts/generate/tabddpm.js';
import * as library from '../ts/index.js';
import { saveModel } from '../ts/model.js';
import { Stream } from '../ts/random.js';
import { tableBytes } from './contract/fingerprint.js';
import { mixed } from './contract/fixtures.js';

const test = suite('bundle');
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
if (!existsSync(`${dist}core.js`)) throw new Error('these tests read dist/core.js: run `npm run build` first');
const BUDGET = 60_000;

const text = readFileSync(`${dist}core.js`);

test('the core bundle, WebAssembly and training included, has at most 60 kB after gzip', () => {
  const bytes = gzipSync(text, { level: 9 }).length;
  console.log(`core ${bytes} bytes`);
  assert.ok(bytes <= BUDGET, `${bytes} bytes`);
  assert.ok(bytes > BUDGET / 2, 'the WebAssembly core is in it');
  assert.not.match(String(text), /\bfrom\s*"|\bimport\s*[("]/, 'it is one file');
});

const built = (await import(pathToFileURL(`${dist}core.js`).href)) as typeof core;

test('what the core bundle offers is in the library as well', () => {
  assert.equal(Object.keys(built).sort(), Object.keys(core).sort());
  const own = ['smallBackend', 'tabddpm'];
  for (const name of Object.keys(core)) assert.ok(own.includes(name) || name in library, name);
});

/** A model file, rows of it in every way to draw, and predictions of both classifiers. */
async function results({ tabddpm, Stream, saveModel, openModel, forest, boosting, fitFeatures }: typeof core, backend: Backend) {
  const run = { backend };
  const train = mixed({ rows: 120, positives: 40 });
  const options = { layers: [17], hidden: 9, steps: 40, timesteps: 12, embedding: 6, batch: 32 };
  const sampler = await tabddpm.fit(train, Stream.fromSeed(1), run, options);
  const bytes = saveModel(sampler, train);
  const model = await openModel(bytes, backend);
  const rows = [];
  for (const [i, kind] of (['ddpm', 'ddim', 'dpm++'] as const).entries()) {
    rows.push(tableBytes(await model.draw(23, Stream.fromSeed(3 + i), run, { sampling: { sampler: kind, samplingSteps: 5 } })));
  }
  const x = fitFeatures(train.features).features(train.features);
  const trees = await forest.fit(x, train.y, Stream.fromSeed(2), run, { trees: 7 });
  const boosted = await boosting.fit(x, train.y, Stream.fromSeed(2), run, { rounds: 9, subsample: 0.7 });
  return [Buffer.from(bytes).toString('hex'), ...rows, String(await trees.predict(x)), String(await boosted.predict(x)), sampler.warnings];
}

test('the built core bundle trains, saves, opens, draws and classifies to the same bytes as the whole library', async () => {
  const whole = { ...library, tabddpm, smallBackend: core.smallBackend };
  const expected = await results(whole, await library.wasmBackend());
  assert.equal(await results(built, await built.smallBackend()), expected);
  assert.equal(await results(built, await (await built.smallBackend()).fork()), expected);
});

test('what it lacks, it says', async () => {
  const backend = await built.smallBackend();
  const lacking = (work: () => unknown) =>
    assert.throws(work, (error: Error) => error instanceof built.ComputeError && /not part of synthward\/core/.test(error.message));
  lacking(() => backend.distance.medianDistance(backend.matrix(2, 2)));
  lacking(() => backend.generative.heads([]));
  lacking(() => backend.network.softmax(backend.matrix(2, 2), backend.matrix(2, 2)));
  const train = mixed({ rows: 30, positives: 10 });
  const run = { backend: await library.wasmBackend() };
  const refused = async (bytes: Uint8Array, reason: RegExp) => {
    try {
      await built.openModel(bytes, backend);
    } catch (error) {
      assert.instance(error, built.InputError);
      return assert.match((error as Error).message, reason);
    }
    assert.unreachable();
  };
  await refused(saveModel(await smote.fit(train, Stream.fromSeed(1), run), train), /smote.*cannot open/);
  const sampler = await tabddpm.fit(train, Stream.fromSeed(1), run, { layers: [8], hidden: 8, steps: 10, timesteps: 10 });
  const constraints = [{ kind: 'range', column: 'age', min: 18 }] as const;
  await refused(saveModel(sampler, train, { constraints }), /holds constraints.*open it with synthward/);
});

test.run();
