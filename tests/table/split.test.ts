import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../ts/errors.js';
import { Stream } from '../../ts/random.js';
import { type Split, stratifiedFolds, stratifiedSplit } from '../../ts/table/split.js';
import { inputError } from './refusal.js';

const split = suite('split');
const stream = (seed: number) => Stream.fromSeed(seed);
const labels = (negatives: number, positives: number) =>
  Uint8Array.from({ length: negatives + positives }, (_, i) => (i < negatives ? 0 : 1));
const count = (y: Uint8Array, rows: Uint32Array, label: number) => rows.filter((row) => y[row] === label).length;

/** Every row once, ascending, both classes on both sides. */
function sound({ train, test }: Split, y: Uint8Array): void {
  for (const part of [train, test]) {
    assert.equal(
      [...part],
      [...part].sort((a, b) => a - b),
    );
    for (const label of [0, 1]) assert.ok(count(y, part, label) > 0, `class ${label} on both sides`);
  }
  assert.equal(
    [...train, ...test].sort((a, b) => a - b),
    [...y.keys()],
  );
}

split('keeps the share of positives, and one row of each class on each side', () => {
  const want: [number, number, number, number][] = [
    [357, 212, 114, 42],
    [8380, 725, 1821, 145],
    [28, 7, 7, 1],
    [2, 2, 2, 1],
    [98, 2, 20, 1],
    [3, 50, 11, 10],
  ];
  for (const [negatives, positives, testRows, testPositives] of want) {
    const y = labels(negatives, positives);
    const got = stratifiedSplit({ y, group: null }, stream(1));
    sound(got, y);
    assert.is(got.test.length, testRows, `${negatives} + ${positives}`);
    assert.is(count(y, got.test, 1), testPositives, `${negatives} + ${positives}`);
  }
  assert.is(stratifiedSplit({ y: labels(30, 10), group: null }, stream(1), 0.25).test.length, 10);
});

split('is decided by its stream alone, and is another for another one', () => {
  const y = labels(60, 20);
  const group = Int32Array.from(y, (_, i) => i % 23);
  for (const groups of [null, group]) {
    const draw = (seed: number) => [...stratifiedSplit({ y, group: groups }, stream(seed)).test].join();
    assert.is(draw(1), draw(1));
    assert.is(new Set([1, 2, 3, 4, 5].map(draw)).size, 5);
  }
});

split('every row is in the test part equally often', () => {
  const y = labels(40, 10);
  const times = new Array<number>(50).fill(0);
  for (let seed = 0; seed < 1000; seed++)
    for (const row of stratifiedSplit({ y, group: null }, stream(seed)).test) (times[row] as number)++;
  // binomial(1000, .2) has sd 12.6; five of them
  for (const n of times) assert.ok(Math.abs(n - 200) < 64, `${n} of 1000`);
});

split('groups stay together, with a fifth of the rows and of the positives in the test part', () => {
  // 60 patients of 1 to 12 visits; the last visits of some are positive
  const group: number[] = [];
  const y: number[] = [];
  for (let g = 0; g < 60; g++) {
    for (let visit = 0; visit <= (g * 7) % 12; visit++) {
      group.push(g);
      y.push(g % 3 === 0 && visit > 3 ? 1 : 0);
    }
  }
  const input = { y: Uint8Array.from(y), group: Int32Array.from(group) };
  const positives = y.filter((label) => label === 1).length;
  const largest = new Set<boolean>();
  for (let seed = 0; seed < 40; seed++) {
    const got = stratifiedSplit(input, stream(seed));
    sound(got, input.y);
    const inTest = new Set([...got.test].map((row) => group[row]));
    assert.ok([...got.train].every((row) => !inTest.has(group[row])));
    assert.ok(Math.abs(got.test.length / y.length - 0.2) < 0.05, `${got.test.length} of ${y.length} rows`);
    assert.ok(Math.abs(count(input.y, got.test, 1) / positives - 0.2) < 0.07, `${count(input.y, got.test, 1)} of ${positives} positives`);
    largest.add(inTest.has(group.find((g) => (g * 7) % 12 === 11) as number));
  }
  assert.is(largest.size, 2, 'the patient with the most visits is on either side');
});

split('small and lopsided inputs are split soundly or refused by name', () => {
  const input = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 6 })), { minLength: 1, maxLength: 24 });
  fc.assert(
    fc.property(input, fc.boolean(), fc.integer({ min: 0, max: 9 }), (rows, grouped, seed) => {
      const y = Uint8Array.from(rows, ([label]) => label);
      const numbers = [...new Set(rows.map(([, g]) => g))];
      const group = grouped ? Int32Array.from(rows, ([, g]) => numbers.indexOf(g)) : null;
      const enough = [0, 1].every((label) => y.filter((own) => own === label).length >= 2);
      try {
        const got = stratifiedSplit({ y, group }, stream(seed));
        sound(got, y);
        if (group) for (const row of got.train) assert.not(got.test.some((other) => group[other] === group[row]));
      } catch (error) {
        assert.instance(error, InputError, (error as Error).stack);
        assert.ok(!enough || (grouped && !(error as Error).message.includes('at least 2 rows')), (error as Error).message);
      }
    }),
    { seed: 3, numRuns: 500 },
  );
});

split('what cannot be split is refused', () => {
  inputError(
    () => stratifiedSplit({ y: labels(20, 1), group: null }, stream(1)),
    'at least 2 rows of each class',
    'positive class has 1 row',
  );
  inputError(() => stratifiedSplit({ y: labels(0, 9), group: null }, stream(1)), 'negative class has 0 rows');
  const target = { positive: 'died', negative: 'alive' };
  inputError(
    () => stratifiedSplit({ y: labels(20, 1), group: null, name: 'icu', target }, stream(1)),
    'icu: the positive class "died" has 1 row',
  );
  const y = labels(6, 3);
  inputError(
    () => stratifiedSplit({ y, group: Int32Array.of(0, 0, 1, 1, 2, 2, 3, 3, 3) }, stream(1)),
    '1 of 4 groups hold positive rows',
    'at least 2',
  );
  for (const share of [0, 1, -1, Number.NaN])
    inputError(() => stratifiedSplit({ y, group: null }, stream(1), share), '"testShare"', `${share}`);
});

split('folds: every row is tested once, sizes and positives differ by one at most, fewer folds where a class is small', () => {
  for (const [negatives, positives, want] of [
    [20, 5, 5],
    [357, 213, 5],
    [17, 4, 4],
    [3, 40, 3],
    [2, 2, 2],
    [16, 16, 5],
  ] as const) {
    const y = labels(negatives, positives);
    const folds = stratifiedFolds({ y, group: null }, stream(2));
    assert.is(folds.length, want, `${negatives} + ${positives}`);
    for (const fold of folds) sound(fold, y);
    const tested = folds.flatMap(({ test }) => [...test]).sort((a, b) => a - b);
    assert.equal(tested, [...y.keys()]);
    for (const sizes of [folds.map(({ test }) => test.length), folds.map(({ test }) => count(y, test, 1))]) {
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${sizes}`);
    }
  }
  const draw = (seed: number) => stratifiedFolds({ y: labels(30, 10), group: null }, stream(seed), 3).map(({ test }) => test.join());
  assert.equal(draw(1), draw(1));
  assert.not.equal(draw(1), draw(2));
});

split('folds keep groups together and both classes in every training part', () => {
  const group = Int32Array.from({ length: 120 }, (_, i) => 2 * (i % 31)); // numbers with gaps, as a part of a table has
  const y = Uint8Array.from(group, (g) => Number(g % 5 === 0));
  const folds = stratifiedFolds({ y, group }, stream(4));
  assert.is(folds.length, 5);
  assert.equal(
    folds.flatMap(({ test }) => [...test]).sort((a, b) => a - b),
    [...y.keys()],
  );
  for (const { train, test } of folds) {
    const inTest = new Set([...test].map((row) => group[row]));
    assert.not.ok([...train].some((row) => inTest.has(group[row])));
    for (const label of [0, 1]) assert.ok(count(y, train, label) > 0);
  }
  const two = Uint8Array.from(group, (g) => Number(g === 4 || g === 10));
  assert.is(stratifiedFolds({ y: two, group }, stream(4)).length, 2, 'two patients hold all positive rows');
});

split('folds that cannot be are refused with the counts', () => {
  inputError(
    () => stratifiedFolds({ y: labels(5, 1), group: null, name: 'x.csv' }, stream(1)),
    'x.csv: ',
    '1 positive rows and 5 negative',
  );
  const y = labels(4, 2);
  const group = Int32Array.of(0, 1, 2, 3, 4, 4);
  inputError(() => stratifiedFolds({ y, group }, stream(1)), '1 positive groups with rows and 4 negative');
  inputError(() => stratifiedFolds({ y, group: null }, stream(1), 1), '"folds" expected an integer from 2 on, got 1');
});

split.run();
