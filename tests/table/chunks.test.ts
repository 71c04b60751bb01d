/** A table that comes in chunks is the table that comes as a whole. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { labText } from '../../ts/bench/labs.js';
import { Table } from '../../ts/library/table.js';
import { cellText } from '../../ts/table/cells.js';
import { PIECE } from '../../ts/table/chunks.js';
import { readCells, readCsv, readCsvAsync } from '../../ts/table/csv.js';
import { isPlain, plainKey, plainNumber, plainText } from '../../ts/table/keys.js';
import { inputError } from './refusal.js';

const test = suite('chunks');

/** Three pieces and more, whose ends fall into letters of several bytes and into quoted cells. */
const rows = Array.from({ length: 5000 }, (_, i) => [
  `${i}`,
  ['Größe', '€ 5', '💉💉💉', 'plain'][i % 4]!,
  `"a, ""${i}""\nµ${'long '.repeat(12)}"`,
  `${i / 8}`,
]);
const text = `id,wort,satz,wert\n${rows.map((cells) => cells.join(',')).join('\n')}\n${rows.map((cells) => cells.join(',')).join('\n')}\n`;
const mark = '\ufeff';

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  const chunk = new Uint8Array(size); // overwritten, as that of a file is
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    chunk.set(part);
    yield chunk.subarray(0, part.length);
  }
}

test('chunks of any size give the same table, in UTF-8, UTF-16 and Windows-1252', async () => {
  const whole = readCsv(text, { file: 't.csv' });
  assert.ok(text.length > 3 * PIECE);
  assert.is(whole.rows, 2 * rows.length);
  const latin = text.replaceAll('💉', 'ß');
  const wholeLatin = readCsv(latin, { file: 't.csv' });
  const windows = Buffer.from(latin.replaceAll('€', '\u0080'), 'latin1');
  const cases = [
    { bytes: Buffer.from(mark + text), want: whole, schema: {} },
    { bytes: Buffer.from(mark + text, 'utf16le'), want: whole, schema: { encoding: 'utf-16' } },
    { bytes: Buffer.from(mark + text, 'utf16le').swap16(), want: whole, schema: { encoding: 'utf-16' } },
    { bytes: windows, want: wholeLatin, schema: { encoding: 'latin1' } },
    { bytes: windows, want: wholeLatin, schema: {} },
  ];
  for (const { bytes, want, schema } of cases) {
    for (const size of [1021, PIECE - 1]) {
      const read = readCsv(() => cut(bytes, size), { file: 't.csv', schema });
      assert.equal(read.columns, want.columns, `${size}`);
      assert.equal(read.lines, want.lines);
    }
    const waited = await readCsvAsync(() => cut(bytes, 100_003), { file: 't.csv', schema });
    assert.equal(waited.columns, want.columns);
  }
  assert.match(
    readCsv(() => cut(windows, 1000)).warnings.join(),
    'from line 2, byte 22); read as Latin-1 (Windows-1252), for example "Größe"',
  );
});

test('a Blob is read as its text', async () => {
  const table = await Table.fromCsvChunks(new Blob([text]), { name: 't.csv' });
  assert.is(table.toCsv(), Table.fromCsv(text).toCsv());
});

test('faults far into a file are named by their lines, whatever the chunks', () => {
  const bytes = Buffer.from(text);
  const lines = text.split('\n').length;
  const behind = (tail: string | Uint8Array) => () => cut(Buffer.concat([bytes, Buffer.from(tail as string)]), 5003);
  inputError(() => readCells(behind('1,2,3\n'), 't.csv'), `line ${lines} has 3`);
  inputError(() => readCells(behind('1,"2\n'), 't.csv'), `line ${lines}: a quoted cell begins`);
  inputError(() => readCells(behind('1,"2"x,3,4\n'), 't.csv'), `line ${lines}: in this row text follows`);
  inputError(() => readCells(behind('1,\0,3,4\n'), 't.csv'), `line ${lines}: there is a NUL byte`);
  inputError(
    () => readCells(behind(Uint8Array.of(49, 0xff, 10)), 't.csv'),
    `line ${lines}: the text is not valid UTF-8 (byte ${bytes.length + 1})`,
  );
  inputError(() => readCells(behind('1,2,3,4\n'), 't.csv', { headerLine: 2 * lines }), '"header-line"', `which has ${lines + 1}`);
});

test('a file that changes between the passes is refused', () => {
  let pass = 0;
  const changing = () => [pass++ === 0 ? Buffer.from('a,b\n1,é\n') : Uint8Array.of(97, 44, 98, 10, 0xff, 10)];
  inputError(() => readCells(changing, 't.csv'), 'changed while it was read');
});

test('a number in its plain form comes back from its key to the letter, with the value of its text', () => {
  const number = fc.oneof(
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 }).map(String),
    fc
      .tuple(fc.integer({ min: -(2 ** 27), max: 2 ** 27 }), fc.nat(8))
      .map(([digits, decimals]) => (digits / 10 ** decimals).toFixed(decimals)),
    fc.constantFrom(
      '0',
      '-0',
      '0.0',
      '-0.0',
      '0.50',
      '00',
      '01',
      '1.',
      '.5',
      '-',
      '',
      '+1',
      '1e3',
      ' 1',
      '134217727',
      '134217728',
      '0.0000001',
      '1.2.3',
    ),
  );
  let plain = 0;
  fc.assert(
    fc.property(number, (cell) => {
      const key = plainKey(cell);
      if (!isPlain(key)) return;
      plain += 1;
      assert.is(key, key | 0);
      assert.is(plainText(key), cell);
      assert.is(plainNumber(key), Number(cell));
    }),
    { seed: 53, numRuns: 5000 },
  );
  assert.ok(plain > 2000, `only ${plain} were plain`);
  for (const cell of ['-0', '00', '01', '1.', '.5', '-', '', '+1', '1e3', '134217728', '0.00000001'])
    assert.not.ok(isPlain(plainKey(cell)), cell);
});

test('every cell keeps its text', () => {
  const cells = ['1', '1.0', '01', '-0', '', ' 1', '1e3', '1.50', 'x'];
  const [column] = readCells(`a,b\n${cells.map((cell) => `${cell},y`).join('\n')}\n`, 't.csv').columns;
  assert.equal(
    cells.map((_, row) => cellText(column!, row)),
    cells,
  );
});

test('the table that reading is measured on is the same each time', () => {
  const [a, b] = [[...labText(3000)].join(''), [...labText(3000)].join('')];
  assert.is(a, b);
  const { columns } = readCsv(a);
  assert.is(columns.filter(({ kind }) => kind === 'numeric').length, 22);
});

test.run();
