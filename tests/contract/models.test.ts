/** Every method: a model that was saved and opened draws the very same rows as the one that was fitted, and a damaged file is refused. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { InputError } from '../../ts/errors.js';
import type { Run } from '../../ts/generate/generator.js';
import { openModel, saveModel } from '../../ts/model.js';
import { Stream } from '../../ts/random.js';
import { readModel } from '../../ts/store/model.js';
import { toCsv } from '../../ts/table/csv.js';
import { isNumberColumn, type Table } from '../../ts/table/table.js';
import { tableBytes } from './fingerprint.js';
import { mixed } from './fixtures.js';
import { madeFiles } from './made-files.js';
import { generators, nameOf } from './registry.js';
import { rejection } from './rejection.js';

const models = suite('models in files');
const backend = await wasmBackend();
const run: Run = { backend };
const train = mixed({ rows: 90, positives: 30 });

for (const entry of generators) {
  const { generator, options } = entry;
  const name = nameOf(entry);
  const fitted = () => generator.fit(train, Stream.fromSeed(3), run, options);

  models(`${name}: the very same rows`, async () => {
    const sampler = await fitted();
    const bytes = saveModel(sampler, train, { seed: 3 });
    assert.equal(saveModel(sampler, train, { seed: 3 }), bytes, 'the same file each time');
    const other = await wasmBackend();
    const opened = await openModel(bytes, other, 'a.model');
    assert.is(opened.method, generator.name);
    assert.is(opened.seed, 3);
    assert.equal([opened.holds, opened.sampler.holds], [sampler.holds, sampler.holds]);
    const own = await sampler.sample(50, Stream.fromSeed(4), run);
    assert.is(tableBytes(await opened.sampler.sample(50, Stream.fromSeed(4), { backend: other })), tableBytes(own));
    const drawn = await opened.draw(50, Stream.fromSeed(4), { backend: other });
    const text = toCsv(drawn).split('\n');
    assert.is(text[0], [...train.features.columns.map((column) => column.name), train.target.column].join(','));
    assert.equal(
      text.slice(1, -1),
      toCsv(own)
        .split('\n')
        .slice(1, -1)
        .map((line) => `${line},${train.target.positive}`),
    );
    // what was opened can be saved again
    const again = await openModel(saveModel(opened.sampler, train), other);
    assert.is(
      tableBytes(await again.sampler.sample(9, Stream.fromSeed(5), run)),
      tableBytes(await sampler.sample(9, Stream.fromSeed(5), run)),
    );
    assert.is(opened.sampler.sampleMajority !== undefined, sampler.sampleMajority !== undefined);
    if (sampler.sampleMajority) {
      const majority = await opened.draw(9, Stream.fromSeed(6), run, { label: train.target.negative });
      assert.match(toCsv(majority), new RegExp(`,${train.target.negative}\n$`));
      const real = await sampler.sampleMajority(9, Stream.fromSeed(6), run);
      assert.is(tableBytes({ rows: 9, columns: majority.columns.slice(0, -1) }), tableBytes(real));
    } else {
      const error = await rejection(opened.draw(9, Stream.fromSeed(6), run, { label: train.target.negative }));
      assert.match(error.message, /it cannot draw .*; train with --method tabddpm-joint$/);
    }
    const unknown = await rejection(opened.draw(9, Stream.fromSeed(6), run, { label: 'maybe' }));
    assert.instance(unknown, InputError);
    assert.match(unknown.message, /"label" expected a value of \S+ that the model knows \(.*\), got "maybe"/);
  });

  models(`${name}: a damaged file, or a made one, is refused or opens`, async () => {
    const bytes = saveModel(await fitted(), train);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length * 8 - 1), fc.nat(bytes.length - 1), async (bit, length) => {
        const flipped = bytes.slice();
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        for (const damaged of [flipped, bytes.slice(0, length)]) {
          assert.instance(await rejection(openModel(damaged, backend)), InputError);
        }
      }),
      { numRuns: 40, seed: 1 },
    );
    await drawsOrIsRefused(bytes);
  });
}

const drawsOrIsRefused = (bytes: Uint8Array) =>
  madeFiles(bytes, async (file, part) => {
    const opened = await openModel(file, backend);
    if (part === 'columns' || part === 'target') return;
    sound(await opened.draw(3, Stream.fromSeed(1), run));
  });

/** Numbers are finite or missing, levels are there or missing. */
function sound({ columns }: Table): void {
  for (const column of columns) {
    if (isNumberColumn(column))
      assert.ok(
        column.values.every((value) => Number.isFinite(value) || Number.isNaN(value)),
        column.name,
      );
    else if (column.kind !== 'text')
      assert.ok(
        column.codes.every((code) => code >= -1 && code < column.levels.length),
        column.name,
      );
  }
}

models('the file says what it is, in words and numbers', async () => {
  const entry = generators.find(({ generator }) => generator.name === 'tabddpm')!;
  const sampler = await entry.generator.fit(train, Stream.fromSeed(3), run, entry.options);
  const read = readModel(saveModel(sampler, train, { seed: 3 }));
  assert.is(read.method, 'tabddpm');
  assert.match(read.holds, /no patient’s row/);
  assert.equal(read.target.value, { column: train.target.column, positive: train.target.positive, negative: train.target.negative });
  const { rows, positives, steps, loss } = read.training.value as Record<string, number>;
  assert.equal([rows, positives, steps], [90, 30, 40]);
  assert.ok(loss! > 0);
  assert.is((read.options.value as { timesteps: number }).timesteps, 10);
});

models('files of others and of other versions are named', async () => {
  const { writeSafetensors } = await import('../../ts/store/safetensors.js');
  const refused = async (metadata: Record<string, string>) =>
    (await rejection(openModel(writeSafetensors(metadata, {}), backend, 'a.model'))).message;
  assert.match(await refused({}), /^a\.model is a safetensors file, but no model of synthward/);
  assert.match(await refused({ format: 'pt' }), /no model of synthward/);
  assert.is(
    await refused({ format: 'synthward-model-2', synthward: '9.9.9' }),
    'a.model has the format synthward-model-2 of synthward 9.9.9, this version reads synthward-model-1; update synthward',
  );
  assert.match(
    await refused({ format: 'synthward-model-0', synthward: '0.0.1' }),
    /format synthward-model-0 of synthward 0\.0\.1, .*; train the model again, or open it with that version$/,
  );
  assert.match(await refused({ format: 'synthward-model-x' }), /no model of synthward/);
  assert.match(await refused({ format: 'synthward-model-1' }), /says nothing of its "method"/);
  const texts = Object.fromEntries(['holds', 'seed', 'target', 'columns', 'training', 'options', 'state'].map((name) => [name, '{}']));
  assert.match(
    await refused({ format: 'synthward-model-1', method: 'constructor', ...texts }),
    /method "constructor" of synthward unknown, which this version cannot open \(it knows tabddpm, .*\); update synthward$/,
  );
  assert.match(
    await refused({ format: 'synthward-model-1', method: 'rf', ...texts }),
    /^a\.model holds a classifier \(rf\), which draws no rows; predict with it/,
  );
});

models.run();
