/** A table with constraints: every synthetic row of a cell holds them, and its lines say how many did at once. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { Stream } from '../../ts/random.js';
import { augment, fitGenerator } from '../../ts/study/augment.js';
import { type Cell, runCell } from '../../ts/study/cell.js';
import { JUDGED_ROWS, judgedRows } from '../../ts/study/fidelity.js';
import { methodOf } from '../../ts/study/methods.js';
import { type ResultLine, TIME_FIELDS } from '../../ts/study/result.js';
import { newShared } from '../../ts/study/shared.js';
import { brokenBy, type Constraint } from '../../ts/table/constraints.js';
import { type Dataset, type Table, takeRows } from '../../ts/table/table.js';
import { mixed } from '../contract/fixtures.js';

const test = suite('a study under constraints');
const backend = await wasmBackend();
const free: Dataset = mixed({ rows: 160, positives: 32 });
const constraints: Constraint[] = [
  { kind: 'range', column: 'age', min: 45, max: 80 },
  { kind: 'range', column: 'score', min: -1, max: 2 },
  { kind: 'implies', if: { sex: ['f'] }, must: { ward: ['medical', 'surgical', 'other'] } },
];
const data: Dataset = { ...free, constraints };
const breaks = (table: Table): number => brokenBy(table, constraints).filter((fault) => fault !== -1).length;
const run = { backend, shared: newShared() };

test('the real rows break them, so that holding them is work', () => assert.ok(breaks(free.features) > 20));

for (const name of ['random', 'smote', 'rose', 'copula', 'tabddpm-joint', 'rose-blend']) {
  test(`${name}: rows that are added, judged and drawn later hold them`, async () => {
    const method = methodOf(name);
    const stream = Stream.fromSeed(7).child(name);
    const fit = (generator: Parameters<typeof fitGenerator>[0]) => fitGenerator(generator, data, 'train', stream.child('fit'), run);
    const augmented = await augment(method, data, 1, fit, stream.child('augment'), run);
    const judged = (await judgedRows(augmented, stream.child('judged'), run)) as Table;
    const later = (await augmented.sampler?.sample(50, stream.child('later'), run)) as Table;
    const added = takeRows(augmented.features, [...augmented.y.keys()].slice(data.y.length));
    assert.equal([augmented.added > 0, judged.rows], [true, JUDGED_ROWS]);
    assert.is(added.rows, method.treatment === 'blend' ? 0 : augmented.added);
    for (const [what, table] of Object.entries({ added, judged, later })) assert.is(breaks(table), 0, what);
    const { drawn, accepted } = augmented.acceptance() ?? { drawn: 0, accepted: 0 };
    assert.ok(accepted < drawn && accepted >= judged.rows + later.rows, `${accepted} of ${drawn}`);
  });
}

const cellOf = (method: string): Cell => ({ dataset: free.name, split: 0, method, ratio: 1 });
async function linesOf(method: string, on: Dataset): Promise<readonly ResultLine[]> {
  const setting = { seed: 3, classifiers: ['rf', 'xgb'], tuned: true, version: 'test' };
  return (await runCell(cellOf(method), on, setting, { backend, shared: newShared() })).lines;
}
const timeless = (line: ResultLine) => JSON.stringify({ ...line, ...Object.fromEntries(TIME_FIELDS.map((name) => [name, 0])) });

test('lines of a cell tell how many rows held; without constraints or rows they say nothing of it', async () => {
  const [rf, xgb] = (await linesOf('rose', data)).map(({ acceptance }) => acceptance);
  assert.ok(rf && rf.accepted < rf.drawn && rf.accepted >= JUDGED_ROWS);
  assert.equal(xgb, rf);
  for (const [method, on] of [
    ['rose', free],
    ['none', data],
  ] as const)
    for (const line of await linesOf(method, on)) assert.not('acceptance' in line, method);
});

test('constraints that all rows hold change no number', async () => {
  const wide: Dataset = { ...free, constraints: [{ kind: 'range', column: 'age', min: -1000, max: 1000 }] };
  const plain = (await linesOf('rose', free)).map(timeless);
  const held = await linesOf('rose', wide);
  assert.equal(
    held.map(({ acceptance, ...line }) => timeless(line)),
    plain,
  );
  for (const { acceptance } of held) assert.is(acceptance?.accepted, acceptance?.drawn);
});

test.run();
