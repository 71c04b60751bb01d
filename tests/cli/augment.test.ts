import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../node/folder.js';
import { succeeds, synthward, writeCohort } from './command.js';

const test = suite('augment and classify');
const folder = temporaryFolder();
writeCohort(join(folder, 'cohort.csv'));
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const cells = (name: string) =>
  read(name)
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
const augment = (...args: (string | number)[]) =>
  succeeds(synthward(folder, 'augment', 'cohort.csv', '--target', 'died', '--group', 'id', ...args));

for (const method of ['random', 'smote', 'tvae', 'tabddpm']) {
  test(`${method}: all rows and the new ones, marked, with every column in its place`, () => {
    augment('--method', method, '--out', `${method}.csv`);
    const real = cells('cohort.csv');
    const [header, ...rows] = cells(`${method}.csv`);
    assert.equal(header, [...real[0]!, 'synthetic']);
    const added = rows.filter((row) => row.at(-1) === '1');
    assert.is(rows.filter((row) => row.at(-1) === '0').length, 160);
    assert.is(added.length, 120 - 40, 'as many positives as negatives');
    for (const [at, row] of rows.slice(0, 160).entries()) {
      for (const [c, cell] of real[at + 1]!.entries()) {
        const [now, was] = [row[c]!, cell];
        assert.ok(now === was || (was !== '' && Number(now) === Number(was)), `${was} became ${now}`);
      }
    }
    const ids = new Set(real.slice(1).map((row) => row[0]));
    const fresh = new Set(added.map((row) => row[0]));
    assert.is(fresh.size, added.length, 'each synthetic row is a patient of its own');
    for (const id of fresh) assert.not(ids.has(id));
    for (const [, age, dose, ward, , note, died] of added) {
      assert.ok(Number(age) >= 50 && Number(age) <= 88.1, `age ${age}`);
      assert.ok(Number.isInteger(Number(dose)), `dose ${dose}`);
      assert.ok(['icu', 'surgery', 'medicine'].includes(ward!), ward);
      assert.is(note, '');
      assert.is(died, 'yes');
    }
  });
}

test('rows that lie near to real ones are warned of', () => {
  const [header, ...rows] = read('cohort.csv').trimEnd().split('\n');
  const positives = rows.filter((row) => row.endsWith(',yes')).slice(0, 6);
  const negatives = rows.filter((row) => row.endsWith(',no'));
  writeFileSync(join(folder, 'few.csv'), [header, ...positives, ...negatives].join('\n'));
  const args = ['augment', 'few.csv', '--target', 'died', '--group', 'id', '--out', 'near.csv', '--count', 20, '--method'];
  assert.match(
    succeeds(synthward(folder, ...args, 'tabddpm-partial')).stderr,
    /note: tabddpm-partial: synthetic rows lie near to real ones/,
  );
  assert.not.match(succeeds(synthward(folder, ...args, 'rose')).stderr, /lie near/);
});

test('only the new rows, as many as asked for, and the same bytes for the same seed', () => {
  const args = ['--method', 'smote', '--only-synthetic', '--count', 7, '--out'];
  augment(...args, 'a.csv');
  augment(...args, 'b.csv');
  augment('--seed', 2, ...args, 'c.csv');
  assert.is(cells('a.csv').length, 8);
  assert.equal(cells('a.csv')[0], cells('cohort.csv')[0]);
  assert.is(read('b.csv'), read('a.csv'));
  assert.is.not(read('c.csv'), read('a.csv'));
});

test('the ratio is minority ÷ majority and is not passed', () => {
  augment('--method', 'random', '--ratio', 0.5, '--out', 'half.csv');
  assert.is(cells('half.csv').length - 1, 160 + 20);
});

test('an augmented table can be learnt from: the mark of synthetic rows is no feature', () => {
  augment('--method', 'smote', '--out', 'balanced.csv');
  const roles = ['--target', 'died', '--exclude', 'id', '--classifier', 'rf', '--out', 'p.csv'];
  const { stdout, stderr } = succeeds(synthward(folder, 'classify', '--train', 'balanced.csv', '--test', 'cohort.csv', ...roles));
  assert.match(stderr, /note: .*the column "synthetic" says how a row was made/);
  assert.match(stdout, /learnt from 240 rows; probability of died = \w+ for 160 rows/);
});

for (const classifier of ['rf', 'xgb']) {
  test(`${classifier}: a probability for every row of the test table, in its order`, () => {
    const [header, ...rows] = read('cohort.csv').trimEnd().split('\n');
    writeFileSync(join(folder, 'train.csv'), `${[header, ...rows.slice(0, 120)].join('\n')}\n`);
    // The same columns in another order, without the target, with a level that the training table does not have.
    const test = cells('cohort.csv')
      .slice(121)
      .map(([, age, dose, ward, lactate]) => [lactate, ward, dose, age].join(','));
    writeFileSync(join(folder, 'test.csv'), `lactate,ward,dose,age\n${test.join('\n')}\n1.5,hall,20,60\n`);
    const run = (out: string, ...more: (string | number)[]) =>
      succeeds(
        synthward(
          ...([folder, 'classify', '--train', 'train.csv', '--test', 'test.csv', '--target', 'died', '--exclude', 'id'] as const),
          ...['--classifier', classifier, '--out', out, ...more],
        ),
      );
    run('p.csv');
    run('again.csv');
    assert.is(read('again.csv'), read('p.csv'));
    const [names, ...predictions] = cells('p.csv');
    assert.equal(names, ['row', 'probability']);
    assert.equal(
      predictions.map(([row]) => row),
      Array.from({ length: 41 }, (_, row) => String(row)),
    );
    const p = predictions.map(([, value]) => Number(value));
    for (const value of p) assert.ok(value >= 0 && value <= 1, String(value));
    const mean = (positive: boolean) => {
      const own = p.slice(0, 40).filter((_, i) => ((i + 120) % 4 === 0) === positive);
      return own.reduce((a, b) => a + b, 0) / own.length;
    };
    assert.ok(mean(true) > mean(false) + 0.1, `positives ${mean(true)}, negatives ${mean(false)}`);
  });
}

test.run();
