import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { line, notRun } from '../../ts/bench/line.js';
import { chooseItems, markdownTable, textHead, textRow } from '../../ts/bench/run.js';
import { InputError } from '../../ts/errors.js';

const test = suite('lines of a bench');
const KEYS = ['item', 'ratio', 'reference', 'target', 'unit', 'value', 'verdict'];

test('a rate is met at its bound and missed below it', () => {
  const judged = (value: number) => line('a', value, 'GF/s', { reference: 40, atLeast: 0.75, of: 'the peak' });
  assert.equal(judged(30), {
    item: 'a',
    value: 30,
    unit: 'GF/s',
    reference: 40,
    ratio: 0.75,
    target: 'ratio >= 0.75 of the peak',
    verdict: 'met',
  });
  assert.is(judged(29.9).verdict, 'missed');
  assert.is(judged(Number.NaN).verdict, 'missed', 'what is no number is not met');
});

test('a size is met at its bound and missed above it', () => {
  const judged = (value: number) => line('a', value, 'MB', { reference: 2, atMost: 0.5 });
  assert.is(judged(1).verdict, 'met');
  assert.is(judged(1.01).verdict, 'missed');
  assert.is(judged(Number.NaN).verdict, 'missed');
  assert.is(judged(1).target, 'ratio <= 0.5');
});

test('a time is judged by how many times as fast it is', () => {
  const judged = (value: number) => line('a', value, 's', { reference: 3, timesAsFast: 1.5, of: 'b' });
  assert.is(judged(2).ratio, 1.5);
  assert.is(judged(2).verdict, 'met');
  assert.is(judged(2.01).verdict, 'missed');
  assert.is(judged(Number.NaN).verdict, 'missed');
  assert.is(judged(2).target, 'ratio >= 1.5, as fast as b');
});

test('without a bound there is no target, without a reference no ratio', () => {
  assert.is(line('a', 1, 's', { reference: 2 }).verdict, 'no target');
  assert.is(line('a', 1, 's', { reference: 2 }).ratio, 0.5);
  assert.is(line('a', 1, 's').ratio, null);
  assert.is(line('a', 1, 's', { atLeast: 1 }).verdict, 'missed', 'a bound needs a reference');
});

test('what cannot be measured says what it needs, in the same shape', () => {
  const missing = notRun('gpu', 'ms', 'a GPU');
  assert.is(missing.verdict, 'not run: needs a GPU');
  for (const each of [missing, line('a', 1, 's')]) assert.equal(Object.keys(each).sort(), KEYS);
  assert.equal(JSON.parse(JSON.stringify(missing)).value, null);
});

const items = ['gemm-256', 'gemm-4096', 'mmd'].map((name) => ({ name }));
const names = (only?: string[]) => chooseItems(items, only).map(({ name }) => name);

test('items are chosen by the beginnings of their names, in the order of the list', () => {
  assert.equal(names(), ['gemm-256', 'gemm-4096', 'mmd']);
  assert.equal(names(['gemm']), ['gemm-256', 'gemm-4096']);
  assert.equal(names(['mmd', 'gemm-4']), ['gemm-4096', 'mmd']);
});

test('an item that there is not is refused in one sentence, even beside one that there is', () => {
  for (const only of [['nope'], ['mmd', 'nope']]) {
    assert.throws(
      () => names(only),
      (error: Error) =>
        error instanceof InputError && error.message === '"--only" expected the beginning of one of gemm-256, gemm-4096, mmd, got nope',
    );
  }
});

test('rows of text stand under their heads, rows of Markdown have seven cells', () => {
  const lines = [line('gemm-256', 38.123, 'GF/s', { reference: 50, atLeast: 0.75, of: 'a|b' }), notRun('gpu-mmd', 's', 'a GPU')];
  const [head, first, second] = [textHead(), ...lines.map(textRow)] as [string, string, string];
  assert.is(first.indexOf('38.1') + 4, head.indexOf('value') + 5, 'numbers end where their head ends');
  assert.is(first.indexOf('GF/s'), head.indexOf('unit'));
  assert.is(first.indexOf('ratio >='), head.indexOf('target'));
  assert.is(second.indexOf('not run: needs a GPU'), head.indexOf('verdict'));
  const rows = markdownTable(lines).split('\n');
  assert.is(rows.length, 4);
  for (const row of rows) assert.is(row.replaceAll('\\|', '').split('|').length, 9);
});

test.run();
