/** Collapsed draws are named, sound ones are not; rows too near to real ones are warned of. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { ComputeError } from '../../ts/errors.js';
import { collapseOf } from '../../ts/generate/collapse.js';
import { ctgan } from '../../ts/generate/ctgan.js';
import { nearness, watchDraws } from '../../ts/generate/watch.js';
import { Stream } from '../../ts/random.js';
import { type Column, type Table, takeRows } from '../../ts/table/table.js';
import { FIXTURES, mixed, numeric } from '../contract/fixtures.js';
import { rejection } from '../contract/rejection.js';

const collapse = suite('collapse');
const backend = await wasmBackend();

const features = (rows: number, seed: number, make = mixed): Table => make({ rows, positives: 0, seed }).features;
/** The table with some of its columns changed, cell by cell. */
function changed(table: Table, names: readonly string[], cell: (value: number, row: number) => number): Table {
  const columns = table.columns.map((column): Column => {
    if (!names.includes(column.name)) return column;
    if ('values' in column) return { ...column, values: column.values.map(cell) };
    if ('codes' in column) return { ...column, codes: column.codes.map(cell) };
    return column;
  });
  return { rows: table.rows, columns };
}

collapse('sound rows have not collapsed, whatever their columns', () => {
  for (const make of Object.values(FIXTURES)) {
    for (const rows of [2, 5, 200]) assert.is(collapseOf(features(rows, 1, make), features(256, 2, make)), null);
  }
});

collapse('names columns that are constant, and levels that stand alone', () => {
  const [real, drawn] = [features(100, 1), features(256, 2)];
  assert.is(
    collapseOf(
      real,
      changed(drawn, ['age'], () => 60),
    ),
    '"age" always the same number',
  );
  // gaps do not hide it
  const lactate = changed(drawn, ['lactate'], (value) => (Number.isNaN(value) ? value : 2));
  assert.is(collapseOf(real, lactate), '"lactate" always the same number');
  assert.is(
    collapseOf(
      real,
      changed(drawn, ['lactate'], () => Number.NaN),
    ),
    '"lactate" always the same number',
  );
  assert.is(
    collapseOf(
      real,
      changed(drawn, ['ward', 'stage'], () => 1),
    ),
    '"ward", "stage" always the same level',
  );
  assert.is(
    collapseOf(
      real,
      changed(
        changed(drawn, ['sex'], () => 0),
        ['score'],
        () => 1,
      ),
    ),
    '"score" always the same number; "sex" always the same level',
  );
});

collapse('is told from chance', () => {
  const real = changed(features(100, 1), ['sex'], (_, row) => Number(row === 0)); // 99 of 100 alike
  const drawn = changed(features(256, 2), ['sex'], () => 0);
  assert.is(collapseOf(real, drawn), null);
  const few = takeRows(
    changed(features(256, 2), ['sex'], () => 0),
    Array.from({ length: 15 }, (_, i) => i),
  );
  assert.is(collapseOf(features(100, 1), few), null); // ½^15
  assert.is(
    collapseOf(
      changed(real, ['sex'], () => 0),
      drawn,
    ),
    null,
  ); // constant in the real rows too
});

collapse('one row over and over, and numbers without spread', () => {
  const real = features(100, 1, numeric);
  const drawn = features(256, 2, numeric);
  const same = takeRows(
    drawn,
    Array.from({ length: 256 }, (_, i) => (i < 140 ? 7 : i)),
  );
  assert.match(collapseOf(real, same) as string, /^most rows the same row; /);
  const still = changed(drawn, ['a', 'b'], (value) => value * 0.02);
  assert.is(collapseOf(real, still), '"a", "b" with next to no spread or mostly the same number');
  const stuck = changed(drawn, ['a', 'b'], (value, row) => (row % 8 < 5 ? 1 : value));
  assert.is(collapseOf(real, stuck), '"a", "b" with next to no spread or mostly the same number');
  assert.is(
    collapseOf(
      real,
      changed(drawn, ['a'], (value) => value * 0.02),
    ),
    null,
  ); // one of three
  assert.is(
    collapseOf(
      real,
      changed(drawn, ['a', 'b'], (value) => value * 0.2),
    ),
    null,
  );
});

collapse('a training that makes nothing of worth ends in an error', async () => {
  const train = mixed({ rows: 80, positives: 40 });
  const options = { steps: 150, generator: [16, 16], critic: [16, 16], latent: 8, learningRate: 1 };
  const error = await rejection(ctgan.fit(train, Stream.fromSeed(1), { backend }, options));
  assert.instance(error, ComputeError);
  assert.match(error.message, /training (collapsed: of 256 drawn rows ".*unlike the real rows; lower the learning rate|diverged)/);
});

collapse('copies are near, fresh rows are not, and the watch says so', async () => {
  for (const make of [mixed, numeric]) {
    const real = features(60, 1, make);
    assert.is(await nearness(backend, real, takeRows(real, [3, 3, 8, 59])), 0);
    const fresh = (await nearness(backend, real, features(300, 2, make))) as number;
    assert.ok(fresh > 0.75 && fresh < 1.35, `${fresh}`);
  }
  const real = features(60, 1);
  assert.is(await nearness(backend, takeRows(real, [0, 1, 2, 3]), real), null); // too few
  assert.is(await nearness(backend, takeRows(real, [0, 0, 0, 0, 0, 0]), real), null); // all alike
  const mark = backend.mark();
  const look = (table: Table) => watchDraws(real, async () => table, Stream.fromSeed(1), { backend });
  assert.equal(await look(features(256, 2)), []);
  const warnings = await look(
    takeRows(
      real,
      Array.from({ length: 256 }, (_, i) => i % 60),
    ),
  );
  assert.is(warnings.length, 1);
  assert.match(warnings[0] as string, /median distance .* is 0\.00 of that .*do not take them for anonymous/);
  assert.match((await rejection(look(takeRows(real, new Uint8Array(256))))).message, /training collapsed/);
  assert.equal(backend.mark(), mark);
});

collapse.run();
