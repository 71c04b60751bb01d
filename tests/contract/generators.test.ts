/** What every generator keeps to, whatever its method. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { CancelledError, ComputeError } from '../../ts/errors.js';
import type { Checkpoint, Run } from '../../ts/generate/generator.js';
import { Stream } from '../../ts/random.js';
import { type Column, type Dataset, isLevelColumn, isNumberColumn, type NumberColumn, type Table } from '../../ts/table/table.js';
import { assertingBackend } from './asserting.js';
import { tableBytes } from './fingerprint.js';
import { copyDataset, FIXTURES, mixed, numeric } from './fixtures.js';
import { type GeneratorEntry, generators, nameOf } from './registry.js';
import { rejection } from './rejection.js';

const backend = await wasmBackend();
const asserting = await assertingBackend();

interface Draw {
  readonly fit?: Stream;
  readonly sample?: Stream;
  readonly run?: Run;
}

/** Fits on `train` and draws `rows`, with seeds of the test's own unless told. */
async function draw({ generator, options }: GeneratorEntry, train: Dataset, rows: number, how: Draw = {}): Promise<Table> {
  const run = how.run ?? { backend };
  const sampler = await generator.fit(train, how.fit ?? Stream.fromSeed(11), run, options);
  return sampler.sample(rows, how.sample ?? Stream.fromSeed(12), run);
}

const observed = (column: Column): Set<number> => {
  const cells: ArrayLike<number> = 'values' in column ? column.values : 'codes' in column ? column.codes : [];
  return new Set(Array.from(cells)); // a Set holds NaN once
};

/** The shape of a column: what has to be the same in the synthetic table. */
const shape = (column: Column) => ({
  name: column.name,
  kind: column.kind,
  levels: isLevelColumn(column) ? column.levels : null,
  decimals: isNumberColumn(column) ? column.decimals : null,
});

function checkNumbers(got: NumberColumn, real: NumberColumn, where: string): void {
  const seen = observed(real);
  const present = [...seen].filter((value) => !Number.isNaN(value));
  const [low, high] = [Math.min(...present), Math.max(...present)];
  const scale = Number(`1e${Math.max(0, real.decimals)}`);
  for (const value of got.values) {
    if (Number.isNaN(value)) {
      assert.ok(seen.has(value), `${where}: missing, though never so in the training part`);
      continue;
    }
    assert.ok(value >= low && value <= high, `${where}: ${value} outside ${low} … ${high}`);
    if (real.kind === 'integer') assert.ok(Number.isInteger(value), `${where}: ${value} is no whole number`);
    if (real.kind === 'integer' && present.length <= 32) assert.ok(seen.has(value), `${where}: ${value} was never seen`);
    if (real.decimals >= 0)
      assert.is(Math.round(value * scale) / scale, value, `${where}: ${value} has more than ${real.decimals} decimals`);
  }
}

function checkTable(got: Table, train: Table, rows: number, where: string): void {
  assert.is(got.rows, rows, where);
  assert.equal(got.columns.map(shape), train.columns.map(shape), where);
  got.columns.forEach((column, c) => {
    const real = train.columns[c] as Column;
    const at = `${where}, column ${column.name}`;
    const cells = 'values' in column ? column.values : 'codes' in column ? column.codes : [];
    assert.is(cells.length, rows, at);
    assert.instance(cells, 'values' in column ? Float64Array : Int32Array);
    if (isNumberColumn(column)) checkNumbers(column, real as NumberColumn, at);
    else for (const code of observed(column)) assert.ok(observed(real).has(code), `${at}: level ${code} was never seen`);
  });
}

const settled = (data: Dataset): string => JSON.stringify([tableBytes(data.features), [...data.y], data.group && [...data.group]]);

/** Draws from a table that the method may refuse, and then checks how it does. */
async function drawOrRefuse(entry: GeneratorEntry, train: Dataset, rows: number, where: string): Promise<void> {
  const outcome = await draw(entry, train, rows).catch((error: Error) => error);
  if (!(outcome instanceof Error)) return checkTable(outcome, train.features, rows, where);
  if (!entry.refusal) throw outcome;
  assert.instance(outcome, ComputeError, where);
  assert.match(outcome.message, entry.refusal, where);
}

for (const entry of generators) {
  const { generator, options } = entry;
  const contract = suite(`generator ${nameOf(entry)}`);

  contract('keeps columns, kinds, levels, ranges, grids, and what can be missing', async () => {
    for (const [name, make] of Object.entries(FIXTURES)) {
      const train = make({ rows: 80, positives: 20 });
      checkTable(await draw(entry, train, 40), train.features, 40, name);
    }
  });

  contract('draws as many rows as asked', async () => {
    const train = mixed({ rows: 50, positives: 17 });
    const sampler = await generator.fit(train, Stream.fromSeed(1), { backend }, options);
    for (const rows of [0, 1, 15, 16, 17]) {
      checkTable(await sampler.sample(rows, Stream.fromSeed(2), { backend }), train.features, rows, `${rows} rows`);
    }
  });

  contract('learns from 15, 16 and 17 rows', async () => {
    for (const positives of [15, 16, 17]) {
      const train = mixed({ rows: 40, positives });
      checkTable(await draw(entry, train, 5), train.features, 5, `${positives} minority rows`);
    }
  });

  contract('learns from tiny classes, and says how many rows it needs', async () => {
    for (const [name, make] of Object.entries(FIXTURES)) {
      for (const positives of [generator.minMinority, generator.minMinority + 1]) {
        const train = make({ rows: 30, positives });
        await drawOrRefuse(entry, train, 9, `${name}, ${positives} minority rows`);
      }
      const error = await rejection(draw(entry, make({ rows: 30, positives: generator.minMinority - 1 }), 9), name);
      assert.instance(error, ComputeError);
      assert.match(error.message, new RegExp(`"${generator.name}" .*at least ${generator.minMinority} .*got ${generator.minMinority - 1}`));
    }
  });

  contract('learns where there is one class only', async () => {
    const train = mixed({ rows: 20, positives: 20 });
    await drawOrRefuse(entry, train, 9, 'minority rows only');
  });

  contract('gives the same bytes for a seed and other rows for another', async () => {
    for (const [name, make] of Object.entries(FIXTURES)) {
      const train = make({ rows: 60, positives: 16 });
      const first = tableBytes(await draw(entry, train, 20));
      assert.is(tableBytes(await draw(entry, train, 20)), first, name);
      assert.is.not(tableBytes(await draw(entry, train, 20, { sample: Stream.fromSeed(99) })), first, name);
    }
  });

  contract('depends on its streams alone, not on draws elsewhere', async () => {
    const train = mixed({ rows: 60, positives: 16 });
    const first = tableBytes(
      await draw(entry, train, 20, { fit: Stream.fromSeed(5).child('fit'), sample: Stream.fromSeed(5).child('sample') }),
    );
    const busy = Stream.fromSeed(5);
    for (let i = 0; i < 7; i++) busy.uint32();
    busy.child('other').uniform();
    for (const other of generators) await draw(other, numeric({ rows: 30, positives: 8 }), 3, { fit: busy, sample: busy });
    const again = await draw(entry, train, 20, { fit: busy.child('fit'), sample: busy.child('sample') });
    assert.is(tableBytes(again), first);
  });

  contract('a sampler keeps no state between draws', async () => {
    const sampler = await generator.fit(mixed({ rows: 60, positives: 16 }), Stream.fromSeed(1), { backend }, options);
    const first = tableBytes(await sampler.sample(17, Stream.fromSeed(2), { backend }));
    await sampler.sample(5, Stream.fromSeed(3), { backend });
    assert.is(tableBytes(await sampler.sample(17, Stream.fromSeed(2), { backend })), first);
  });

  contract('gives the same bytes on a backend with memory of its own', async () => {
    const train = mixed({ rows: 60, positives: 16 });
    const fork = { run: { backend: await backend.fork() } };
    assert.is(tableBytes(await draw(entry, train, 20, fork)), tableBytes(await draw(entry, train, 20)));
  });

  contract('draws on another backend than the one it was fitted on', async () => {
    const train = mixed({ rows: 60, positives: 16 });
    const sampler = await generator.fit(train, Stream.fromSeed(11), { backend: await backend.fork() }, options);
    assert.is(tableBytes(await sampler.sample(20, Stream.fromSeed(12), { backend })), tableBytes(await draw(entry, train, 20)));
  });

  contract('gives the same bytes on the core with its assertions on', async () => {
    const train = mixed({ rows: 60, positives: 17 });
    assert.is(tableBytes(await draw(entry, train, 17, { run: { backend: asserting } })), tableBytes(await draw(entry, train, 17)));
  });

  contract('writes to nothing that it was given', async () => {
    for (const make of Object.values(FIXTURES)) {
      const train = make({ rows: 60, positives: 16 });
      const before = settled(copyDataset(train));
      const table = await draw(entry, train, 20);
      for (const column of table.columns) if ('values' in column) column.values.fill(0); // nor does what it gave share memory
      assert.is(settled(train), before);
    }
  });

  contract('stops when asked, and leaves the backend usable', async () => {
    const train = mixed({ rows: 60, positives: 16 });
    const expected = tableBytes(await draw(entry, train, 20));
    const mark = backend.mark();
    const aborted = { backend, signal: AbortSignal.abort() };
    assert.instance(await rejection(generator.fit(train, Stream.fromSeed(11), aborted, options), 'fit'), CancelledError);
    const sampler = await generator.fit(train, Stream.fromSeed(11), { backend }, options);
    assert.instance(await rejection(sampler.sample(20, Stream.fromSeed(12), aborted), 'sample'), CancelledError);
    assert.equal(backend.mark(), mark);
    assert.is(tableBytes(await sampler.sample(20, Stream.fromSeed(12), { backend })), expected);
  });

  contract('stops within a step of being asked', async () => {
    const train = mixed({ rows: 60, positives: 16 });
    const mark = backend.mark();
    const controller = new AbortController();
    let reports = 0;
    const onProgress = () => {
      reports++;
      controller.abort();
    };
    const work = draw(entry, train, 20, { run: { backend, signal: controller.signal, onProgress } });
    const outcome = await work.then(
      () => null,
      (error: Error) => error,
    );
    if (reports > 0) assert.instance(outcome, CancelledError);
    else assert.is(outcome, null); // it did not say that it was at work, so nobody asked
    assert.ok(reports <= 1, `${reports} steps were reported`);
    assert.equal(backend.mark(), mark);
  });

  contract('frees what it took of the backend', async () => {
    const mark = backend.mark();
    for (const make of Object.values(FIXTURES)) {
      await draw(entry, make({ rows: 60, positives: 16 }), 20);
      assert.equal(backend.mark(), mark);
      await rejection(draw(entry, make({ rows: 60, positives: 0 }), 20));
      assert.equal(backend.mark(), mark);
    }
  });

  contract('keeps a history of its training', async () => {
    const { history } = await generator.fit(mixed({ rows: 60, positives: 16 }), Stream.fromSeed(1), { backend }, options);
    assert.is(history.losses.length, history.steps.length);
    assert.is(history.seconds.length, history.steps.length);
    for (let i = 0; i < history.steps.length; i++) {
      assert.ok(Number.isFinite(history.losses[i]));
      assert.ok(i === 0 || (history.steps[i] as number) > (history.steps[i - 1] as number));
      assert.ok(i === 0 || (history.seconds[i] as number) >= (history.seconds[i - 1] as number));
    }
  });

  contract('can be looked at while it trains, and trains on as if nobody had', async () => {
    const train = mixed({ rows: 60, positives: 16 });
    const seen: number[] = [];
    const onCheckpoint = async ({ step, seconds, sampler }: Checkpoint) => {
      seen.push(step);
      assert.ok(seconds >= 0);
      checkTable(await sampler.sample(5, Stream.fromSeed(3), { backend }), train.features, 5, `step ${step}`);
    };
    const run = { backend, onCheckpoint };
    const sampler = await generator.fit(train, Stream.fromSeed(11), run, options);
    assert.is(tableBytes(await sampler.sample(20, Stream.fromSeed(12), run)), tableBytes(await draw(entry, train, 20)));
    assert.equal(
      seen,
      [...new Set(seen)].sort((a, b) => a - b),
    );
    if (sampler.history.steps.length > 0) assert.ok(seen.length > 4);
    assert.is(seen.at(-1), sampler.history.steps.at(-1));
  });

  contract.run();
}
