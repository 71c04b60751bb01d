/** Random tables, random constraints: whatever is drawn holds them all, by a check of its own on the written cells. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ComputeError } from '../../ts/errors.js';
import { drawHeld } from '../../ts/generate/constrained.js';
import { Table as Rows, SMOTE } from '../../ts/index.js';
import { Stream } from '../../ts/random.js';
import { type Constraint, settledConstraints } from '../../ts/table/constraints.js';
import { onGrid } from '../../ts/table/numerals.js';
import type { Column, Table } from '../../ts/table/table.js';
import { toCsv } from '../../ts/table/write.js';
import { rejection } from '../contract/rejection.js';

const test = suite('rows that hold constraints');
const LEVELS = ['a', 'b', 'c'];

/** Three number columns of a grid of decimals, and three level columns; some cells are missing. */
function drawer(decimals: readonly number[], levels: number, missing: number) {
  return async (rows: number, stream: Stream): Promise<Table> => {
    const hole = () => stream.uniform() < missing;
    const columns: Column[] = decimals.map((places, c) => ({
      name: `n${c}`,
      kind: places === 0 ? 'integer' : 'numeric',
      decimals: places,
      values: Float64Array.from({ length: rows }, () => (hole() ? Number.NaN : onGrid(stream.uniform() * 20 - 5, places))),
    }));
    for (let c = 0; c < 3; c++) {
      const codes = Int32Array.from({ length: rows }, () => (hole() ? -1 : stream.below(levels)));
      columns.push({ name: `l${c}`, kind: 'categorical', levels: LEVELS.slice(0, levels), codes });
    }
    return { rows, columns };
  };
}

const numbers = fc.constantFrom('n0', 'n1', 'n2');
const names = fc.constantFrom('l0', 'l1', 'l2');
const value = fc.constantFrom('a', 'b');
const values = fc.uniqueArray(value, { minLength: 1, maxLength: 2 });
const constraint: fc.Arbitrary<Constraint> = fc.oneof(
  fc.record({
    kind: fc.constant('range' as const),
    column: numbers,
    min: fc.integer({ min: -6, max: 4 }),
    max: fc.integer({ min: 5, max: 16 }),
  }),
  fc.record({ kind: fc.constant('grid' as const), column: numbers, step: fc.constantFrom(1, 2, 0.5, 0.25, 0.1, 0.3) }),
  fc
    .tuple(fc.uniqueArray(numbers, { minLength: 2, maxLength: 3 }), fc.boolean())
    .map(([columns, strict]) => ({ kind: 'order' as const, columns, strict })),
  fc.constantFrom({ kind: 'sum' as const, total: 'n2', parts: ['n0', 'n1'] }, { kind: 'sum' as const, total: 'n1', parts: ['n0'] }),
  fc.tuple(names, values, names, values).map(([a, of, b, then]) => ({ kind: 'implies' as const, if: { [a]: of }, must: { [b]: then } })),
  fc
    .tuple(
      fc.uniqueArray(names, { minLength: 2, maxLength: 2 }),
      fc.uniqueArray(fc.tuple(value, value), { minLength: 1, maxLength: 3, selector: String }),
    )
    .map(([columns, allowed]) => ({ kind: 'combination' as const, columns, allowed })),
  fc.constant({ kind: 'implies' as const, if: { died: ['yes'] }, must: { l0: ['a', 'b'] } }),
);

/** The number of a decimal text in units of 10⁻²⁰. */
function scaled(text: string): bigint {
  const [mantissa, exponent = '0'] = text.toLowerCase().split('e') as [string, string?];
  const [whole, fraction = ''] = mantissa.replace('-', '').split('.') as [string, string?];
  const digits = BigInt(`${whole}${fraction}`) * 10n ** BigInt(20 - fraction.length + Number(exponent));
  return text.startsWith('-') ? -digits : digits;
}

/** Whether a row, as texts, holds a constraint; written anew, on whole numbers. */
function holds(one: Constraint, cell: (name: string) => string): boolean {
  switch (one.kind) {
    case 'range':
      return (
        cell(one.column) === '' || (scaled(cell(one.column)) >= scaled(`${one.min}`) && scaled(cell(one.column)) <= scaled(`${one.max}`))
      );
    case 'grid':
      return cell(one.column) === '' || scaled(cell(one.column)) % scaled(`${one.step}`) === 0n;
    case 'order': {
      const present = one.columns
        .map(cell)
        .filter((text) => text !== '')
        .map(scaled);
      return present.every((own, i) => i === 0 || (one.strict ? present[i - 1]! < own : present[i - 1]! <= own));
    }
    case 'sum': {
      const parts = one.parts.map(cell);
      if (parts.includes('')) return cell(one.total) === '';
      return cell(one.total) !== '' && scaled(cell(one.total)) === parts.reduce((sum, text) => sum + scaled(text), 0n);
    }
    case 'implies': {
      const all = (wanted: typeof one.if, missing: boolean) =>
        Object.entries(wanted).every(([name, own]) => (cell(name) === '' ? missing : own.includes(cell(name))));
      return !all(one.if, false) || all(one.must, true);
    }
    default: {
      const cells = one.columns.map(cell);
      return cells.includes('') || one.allowed!.some((own) => own.join() === cells.join());
    }
  }
}

test('every row of a random table holds random constraints, or it is said that they cannot be met', async () => {
  let met = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(constraint, { minLength: 1, maxLength: 4 }),
      fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(0, 1, 2, 3))),
      fc.integer({ min: 2, max: 3 }),
      fc.constantFrom(0, 0.2),
      fc.integer({ min: 1, max: 17 }),
      async (given, decimals, levels, missing, count) => {
        const draw = drawer(decimals, levels, missing);
        const stream = Stream.fromSeed(count);
        const real = await draw(40, stream.child('real'));
        const target: Column = { name: 'died', kind: 'binary', levels: ['no', 'yes'], codes: new Int32Array(40) };
        const constraints = settledConstraints(given, { rows: 40, columns: [...real.columns, target] }, []);
        try {
          const { table, drawn, accepted } = await drawHeld(draw, count, stream, { constraints, target: 'died', label: 'yes' });
          assert.is(table.rows, count);
          assert.ok(accepted >= count && accepted <= drawn);
          const [header, ...lines] = toCsv(table)
            .trimEnd()
            .split('\n')
            .map((line) => line.split(','));
          assert.is(lines.length, count);
          for (const line of lines) {
            const cell = (name: string) => (name === 'died' ? 'yes' : line[header!.indexOf(name)]!);
            for (const one of constraints) assert.ok(holds(one, cell), `${JSON.stringify(one)} in ${line.join()}`);
          }
          met += 1;
        } catch (error) {
          if (!(error instanceof ComputeError)) throw error;
          assert.match(
            error.message,
            /^constraints cannot be met: \d+ of \d+ drawn rows hold all of them, and ".+" is broken first by \d+; loosen/,
          );
        }
      },
    ),
    { seed: 3, numRuns: 300 },
  );
  assert.ok(met > 150, `only ${met} of 300 could be met`);
});

test('rows that hold anyway are those drawn without constraints', async () => {
  const draw = drawer([1, 1, 1], 3, 0);
  const constraints: Constraint[] = [{ kind: 'range', column: 'n0', min: -5, max: 15 }];
  const stream = Stream.fromSeed(9);
  const held = await drawHeld(draw, 30, stream, { constraints, target: 'died', label: 'yes' });
  assert.equal([held.drawn, held.accepted], [30, 30]);
  assert.is(toCsv(held.table), toCsv(await draw(30, Stream.fromSeed(9))));
});

test('what can never hold is an error that names it', async () => {
  const constraints: Constraint[] = [{ kind: 'range', column: 'n0', min: 100 }];
  const holding = { constraints, target: 'died', label: 'yes' };
  const error = await rejection(drawHeld(drawer([1, 1, 1], 3, 0), 5, Stream.fromSeed(1), holding));
  assert.instance(error, ComputeError);
  assert.match(error.message, /0 of \d+ drawn rows.*"n0 in 100 to …"/);
});

test('constraints of a schema constraints hold in the rows of the library, and of a model that was saved', async () => {
  const stream = Stream.fromSeed(4);
  const lines = Array.from({ length: 120 }, (_, row) => {
    const dbp = 50 + stream.below(50);
    const [a, b] = [stream.below(90) / 10, stream.below(90) / 10];
    const sex = stream.below(2);
    return [
      dbp + stream.below(20),
      dbp,
      a,
      b,
      (a * 10 + b * 10) / 10,
      'fm'[sex],
      sex === 0 && row % 3 === 0 ? 'yes' : 'no',
      row % 4 === 0 ? 'yes' : 'no',
    ].join();
  });
  const constraints = [
    'sbp >= dbp',
    'total = a + b',
    { kind: 'grid', column: 'sbp', step: 2 },
    { kind: 'implies', if: { sex: 'm' }, must: { pregnant: 'no' } },
    { kind: 'combination', columns: ['sex', 'pregnant'] },
  ];
  const schema = JSON.stringify({ columns: { dbp: { range: [55, 90] } }, constraints });
  const table = Rows.fromCsv(`sbp,dbp,a,b,total,sex,pregnant,died\n${lines.join('\n')}\n`, { schema, name: 't.csv' });
  const model = await SMOTE.fit(table, { target: 'died' });
  const drawn = await model.sample(200);
  for (const row of drawn.toRows() as Record<string, number | string>[]) {
    const { sbp, dbp, a, b, total, sex, pregnant } = row as Record<string, never>;
    assert.ok(sbp >= dbp && sbp % 2 === 0 && dbp >= 55 && dbp <= 90, JSON.stringify(row));
    assert.is(Math.round(total * 10), Math.round(a * 10) + Math.round(b * 10));
    assert.ok(sex === 'f' || pregnant === 'no');
  }
  assert.match(model.warnings.join(), /t\.csv: \d+ real rows break the constraint "sbp in steps of 2" \(line /);
  const opened = await SMOTE.open(model.save());
  assert.is((await opened.sample(200)).toCsv(), drawn.toCsv());
});

test.run();
