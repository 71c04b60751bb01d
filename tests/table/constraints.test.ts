import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseConstraints } from '../../ts/table/constraint-form.js';
import { brokenBy, constructed, decimalSum, onStep, settledConstraints, wordsOf } from '../../ts/table/constraints.js';
import { readCsv } from '../../ts/table/csv.js';
import { toDataset } from '../../ts/table/dataset.js';
import { brokenWarnings } from '../../ts/table/rules.js';
import { parseSchema } from '../../ts/table/schema.js';
import type { NumberColumn } from '../../ts/table/table.js';
import { inputError } from './refusal.js';

const test = suite('constraints');
const CSV = `sbp,dbp,a,b,total,sex,pregnant
120,80,0.1,0.2,0.3,f,yes
90,95,1.5,2.5,4,m,no
100,100,,1,5,m,yes
,60,2,2,4.5,f,
`;
const KINDS = Object.fromEntries(['sbp', 'dbp', 'a', 'b', 'total'].map((name) => [name, { kind: 'numeric' as const }]));
const table = readCsv(CSV, { file: 't.csv', schema: { columns: KINDS } });
const broken = (...given: unknown[]) => [...brokenBy(table, parseConstraints(given))];

test('each kind, row by row; what is missing breaks nothing but a sum', () => {
  assert.equal(broken('sbp >= dbp'), [-1, 0, -1, -1]);
  assert.equal(broken('sbp > dbp'), [-1, 0, 0, -1]);
  assert.equal(broken('dbp <= sbp'), broken({ kind: 'order', columns: ['dbp', 'sbp'] }));
  assert.equal(broken('total = a + b'), [-1, -1, 0, 0], '0.1 + 0.2 is 0.3; a total without all parts is no sum');
  assert.equal(broken({ kind: 'range', column: 'dbp', min: 70, max: 95 }), [-1, -1, 0, 0]);
  assert.equal(broken({ kind: 'grid', column: 'b', step: 0.5 }), [0, -1, -1, -1]);
  assert.equal(broken({ kind: 'implies', if: { sex: 'm' }, must: { pregnant: ['no'] } }), [-1, -1, 0, -1]);
  const allowed = [
    ['f', 'yes'],
    ['m', 'no'],
  ];
  assert.equal(broken({ kind: 'combination', columns: ['sex', 'pregnant'], allowed }), [-1, -1, 0, -1]);
  assert.equal(broken('sbp >= dbp', 'total = a + b'), [-1, 0, 1, 1], 'the first one that is broken');
});

test('steps and sums are decimal numbers', () => {
  assert.is(decimalSum([0.1, 0.2]), 0.3);
  assert.is(decimalSum([1.005, 2.3, -3]), 0.305);
  assert.ok(Number.isNaN(decimalSum([1, Number.NaN])));
  assert.is(onStep(0.30000000000000004, 0.1), 0.3);
  assert.is(onStep(7.3, 2.5), 7.5);
  assert.is(onStep(-0.2, 0.5), 0);
  for (let i = -50; i < 50; i++) assert.is(onStep(i * 0.07 + 0.001, 0.07), Number((i * 0.07).toFixed(2)) + 0);
});

test('totals of totals are made in their order, in circles they are refused', () => {
  const sums = parseConstraints(['total = sbp + dbp', 'sbp = a + b']);
  const { columns } = constructed(table, sums);
  assert.equal([...(columns[4] as NumberColumn).values].slice(0, 2), [80.3, 99]);
  inputError(() => constructed(table, parseConstraints(['a = b + sbp', 'sbp = a + dbp'])), 'do not depend on each other');
});

test('what cannot be held is refused before anything is learnt', () => {
  const refuse = (given: unknown, ...words: string[]) =>
    inputError(
      () => settledConstraints(parseConstraints([given]), { rows: table.rows, columns: table.columns }, ['note', ...names]),
      ...words,
    );
  const names = table.columns.map(({ name }) => name);
  refuse('totl = a + b', 'did you mean "total"');
  refuse('sbp >= note', '"note" is not learnt from');
  refuse('sbp >= sex', '"sex" is binary; it must hold numbers');
  refuse({ kind: 'implies', if: { sex: 'x' }, must: { pregnant: 'no' } }, 'no level "x"', '"f" and "m"');
  refuse({ kind: 'range', column: 'sbp' }, '"min", "max" or both');
  refuse({ kind: 'range', column: 'sbp', min: 3, max: 1 }, 'not above');
  refuse({ kind: 'grid', column: 'sbp', step: 0 }, 'above 0');
  refuse({ kind: 'order', columns: ['sbp'] }, 'at least 2');
  refuse({ kind: 'order', columns: ['sbp', 'sbp'] }, 'different columns');
  refuse({ kind: 'between' }, 'one of range, grid', 'got "between"');
  refuse({ kind: 'sum', total: 'a', parts: ['b'], of: 1 }, 'key "of"');
  refuse({ kind: 'combination', columns: ['sex', 'pregnant'], allowed: [['f']] }, '2 values');
  refuse('sbp', 'an object, "a >= b"');
  inputError(() => parseSchema({ constraints: 'a >= b' }, 's.json'), 's.json', 'a list');
});

test('combinations without a list are those of the real rows', () => {
  const [settled] = settledConstraints(parseConstraints([{ kind: 'combination', columns: ['sex', 'pregnant'] }]), table, []);
  assert.equal((settled as { allowed: unknown }).allowed, [
    ['f', 'yes'],
    ['m', 'no'],
    ['m', 'yes'],
  ]);
  assert.is(wordsOf(settled!), 'combinations of sex, pregnant');
});

test('real rows that break a constraint are told by their lines, ranges with the cells', () => {
  const schema = parseSchema({ columns: { ...KINDS, dbp: { kind: 'numeric', range: [65, null] } }, constraints: ['sbp >= dbp'] });
  const read = readCsv(CSV, { file: 't.csv', schema });
  assert.match(read.warnings.join(), /t\.csv: column "dbp" holds 1 value outside its range 65 to … \("60" in line 5\)/);
  const dataset = toDataset(read, { name: 't.csv', target: 'sex', positive: 'm' });
  assert.equal(dataset.constraints?.map(wordsOf), ['dbp <= sbp', 'dbp in 65 to …']);
  assert.equal(brokenWarnings(read, dataset), [
    't.csv: 1 real row breaks the constraint "dbp <= sbp" (line 3); correct them, or the constraint',
  ]);
});

test.run();
