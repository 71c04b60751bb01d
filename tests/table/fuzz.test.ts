/**
 * Damaged tables and schemas: whatever comes in, it is read, or refused by an InputError in one sentence. Seeded: a finding comes again.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../ts/errors.js';
import { readCells, readCsv, tableOfCells, toCsv } from '../../ts/table/csv.js';
import { toDataset } from '../../ts/table/dataset.js';
import { inspectCells } from '../../ts/table/inspection.js';
import { parseSchema } from '../../ts/table/schema.js';
import { isNumberColumn, type Table } from '../../ts/table/table.js';
import { GOLDEN_DIR } from '../golden.js';

const test = suite('damaged tables and schemas');
const messy = fileURLToPath(new URL('../messy', import.meta.url));
const hostile = join(GOLDEN_DIR, 'hostile');
/** Small files to start from, the first lines of longer ones. */
const seeds = [messy, hostile].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.csv') && !/wide|redos/.test(name))
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      return bytes.subarray(0, bytes.length <= 1500 ? bytes.length : bytes.lastIndexOf(10, 1500) + 1); // whole lines
    }),
);

const TOKENS = [
  ',',
  ';',
  '\t',
  '"',
  '""',
  '\n',
  '\r\n',
  '\r',
  '\0',
  'NA',
  '-9',
  '999',
  '1e400',
  'Infinity',
  '<0.3',
  '5.4 mmol/L',
  '3,5',
  'é',
  '\u00ff',
]
  .concat([
    '\ufeff',
    '=1+1',
    "'",
    '01/02/2020',
    '2020-01-31',
    '007',
    'died',
    'age',
    'sep=;\n',
    '0x10',
    '1_000',
    '__proto__',
    ' ',
    '💉',
    '١',
  ])
  .map((text) => Buffer.from(text));
const HIGH = [0x00, 0x80, 0xe9, 0xff, 0xfe, 0xc3, 0x1a].map((byte) => Buffer.from([byte]));

/** A change at a place in thousandths of the file. */
const change = fc.record({
  at: fc.integer({ min: 0, max: 1000 }),
  kind: fc.constantFrom('insert', 'replace', 'delete', 'repeat', 'cut'),
  what: fc.constantFrom(...TOKENS, ...HIGH),
  length: fc.integer({ min: 1, max: 40 }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(bytes: Buffer, { at, kind, what, length }: Change): Buffer {
  const from = Math.floor((at * bytes.length) / 1000);
  const [head, tail] = [bytes.subarray(0, from), bytes.subarray(from)];
  switch (kind) {
    case 'insert':
      return Buffer.concat([head, what, tail]);
    case 'replace':
      return Buffer.concat([head, what, tail.subarray(what.length)]);
    case 'delete':
      return Buffer.concat([head, tail.subarray(length)]);
    case 'repeat':
      return Buffer.concat([head, tail.subarray(0, length), tail]);
    default:
      return head;
  }
}

const file: fc.Arbitrary<Buffer> = fc
  .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 3 }))
  .map(([bytes, changes]) => changes.reduce(changed, Buffer.from(bytes)));

/** Runs it; an InputError is an answer, if it is one sentence that says something. */
function answers(work: () => void, shown: unknown): void {
  try {
    work();
  } catch (error) {
    assert.instance(error, InputError, `${JSON.stringify(shown)}: ${(error as Error).stack}`);
    sentence((error as Error).message);
  }
}

function sentence(text: string): void {
  assert.not.match(text, /[\r\n]|undefined|\[object|NaN(?!")/, text);
  assert.ok(text.length < 1200, text);
}

/** Numbers are finite or missing, codes have levels, nothing is of another length. */
function sound(table: Table): void {
  for (const column of table.columns) {
    if (isNumberColumn(column)) {
      assert.is(column.values.length, table.rows);
      assert.not.ok(column.values.includes(Number.POSITIVE_INFINITY) || column.values.includes(Number.NEGATIVE_INFINITY), column.name);
      assert.ok(Number.isInteger(column.decimals));
    } else if (column.kind === 'text') assert.is(column.texts.length, table.rows);
    else assert.ok(column.codes.length === table.rows && column.codes.every((code) => code >= -1 && code < column.levels.length));
  }
}

const options = fc.record(
  {
    encoding: fc.constantFrom(undefined, undefined, undefined, 'latin1', 'utf-16', 'utf-8', 'windows-1250', 'morse'),
    headerLine: fc.constantFrom(undefined, undefined, undefined, 1, 2, 3, 9),
  },
  { requiredKeys: [] },
);

test('5,000 damaged tables are read or refused', () => {
  let read = 0;
  fc.assert(
    fc.property(file, options, fc.constantFrom('died', 'y', 'b', undefined), (bytes, form, target) => {
      answers(() => {
        const cells = readCells(bytes, 'f.csv', form);
        const found = inspectCells(cells, cells.columns.some(({ name }) => name === target) ? { target } : {});
        for (const text of [...found.warnings, ...found.faults, found.balance, found.targetFault ?? '']) sentence(text);
        for (const { missing } of found.columns) assert.ok(missing >= 0 && missing <= cells.rows);
        parseSchema(JSON.stringify(found.schema));
        const table = tableOfCells(cells);
        read += 1;
        sound(table);
        sound(readCsv(toCsv(table), { schema: { columns: Object.fromEntries(table.columns.map(({ name, kind }) => [name, { kind }])) } }));
        if (target !== undefined) sound(toDataset(table, { name: 'f', target }).features);
      }, bytes.toString('latin1'));
    }),
    { seed: 41, numRuns: 5000 },
  );
  assert.ok(read > 400, `only ${read} were read`);
});

const CSV = 'age,sbp,dbp,sex,ward,note,died\n61,120,80,f,icu,x y z,0\n70,110,70,m,a,u,1\n55,90,60,f,b,v,0\n64,150,95,m,icu,w,1\n';
const SCHEMA = {
  columns: {
    age: { kind: 'integer', role: 'feature', range: [0, 120], unit: 'years', missing: ['-9'] },
    sbp: { kind: 'numeric', range: [40, null], censored: 'limit' },
    sex: { kind: 'binary', levels: ['f', 'm'] },
    ward: { kind: 'ordinal', levels: ['a', 'b', 'icu'] },
    note: { kind: 'text', role: 'free text' },
  },
  target: 'died',
  positive: '1',
  exclude: ['note'],
  missing: ['999'],
  constraints: [
    'sbp >= dbp',
    { kind: 'range', column: 'age', min: 18, max: 90 },
    { kind: 'grid', column: 'sbp', step: 5 },
    { kind: 'implies', if: { sex: 'm' }, must: { ward: ['a', 'icu'] } },
    { kind: 'combination', columns: ['sex', 'ward'] },
  ],
};
const ODD = [
  null,
  true,
  -1,
  1e308,
  0.5,
  '',
  'x',
  'age',
  [],
  {},
  [null],
  ['a', 'a'],
  { kind: 'sum' },
  'a = b + c',
  '__proto__',
  'constructor',
  Number.MAX_SAFE_INTEGER,
];

/** Every place in a JSON value, as the keys that lead to it. */
function places(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.keys(value).flatMap((key) => places((value as Record<string, unknown>)[key], [...path, key]))];
}
const PLACES = places(SCHEMA).filter((path) => path.length > 0);
const damage = fc.record({ path: fc.constantFrom(...PLACES), odd: fc.constantFrom(...ODD), key: fc.constantFrom('set', 'drop', 'rename') });

function damaged(schema: unknown, { path, odd, key }: { path: (string | number)[]; odd: unknown; key: string }): void {
  let own = schema as Record<string, unknown>;
  for (const step of path.slice(0, -1)) {
    own = own?.[step] as Record<string, unknown>;
    if (typeof own !== 'object' || own === null) return;
  }
  const last = path[path.length - 1] as string;
  if (key === 'set') own[last] = structuredClone(odd);
  else {
    const value = own[last];
    delete own[last];
    if (key === 'rename') own[`${last}x`] = value;
  }
}

test('3,000 damaged schemas are taken or refused', () => {
  let taken = 0;
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 5000 }), (damages, cut) => {
      const schema = structuredClone(SCHEMA) as unknown;
      for (const one of damages) damaged(schema, one);
      const json = JSON.stringify(schema);
      answers(() => {
        const parsed = parseSchema(cut < json.length ? json.slice(0, cut) : json, 's.json');
        const table = readCsv(CSV, { file: 't.csv', schema: parsed });
        sound(table);
        const { target = 'died', positive, group, exclude } = parsed;
        toDataset(table, { name: 't.csv', target, positive, group, exclude });
        taken += 1;
      }, json);
    }),
    { seed: 43, numRuns: 3000 },
  );
  assert.ok(taken > 100, `only ${taken} were taken`);
  assert.is(({} as Record<string, unknown>).kind, undefined);
});

test.run();
