import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCsv, toCsv } from '../../ts/table/csv.js';
import { toDataset } from '../../ts/table/dataset.js';
import { concatTables, type LevelColumn, type NumberColumn, type Table, takeDataset, takeRows } from '../../ts/table/table.js';
import { inputError } from './refusal.js';

const table = suite('table');
const TEXT = { columns: { t: { kind: 'text' } } } as const;
const read = (text: string): Table => readCsv(text, { file: 't.csv', schema: /(^|,)t,/.test(text) ? TEXT : {} });
const FOUR = read('n,l,t,y\n1.5,a,p,0\n,b,q,1\n2,,,0\n-3,a,s,1\n');

table('takes rows in the order asked for, also twice', () => {
  assert.is(toCsv(takeRows(FOUR, [3, 1, 1])), 'n,l,t,y\n-3,a,s,1\n,b,q,1\n,b,q,1\n');
  assert.is(takeRows(FOUR, []).rows, 0);
});

table('joins tables row by row and gives new levels new codes', () => {
  const other = read('n,l,t,y\n0.25,c,u,1\n7,a,v,0\n');
  const joined = concatTables(FOUR, other);
  assert.is(toCsv(joined), `${toCsv(FOUR)}0.25,c,u,1\n7,a,v,0\n`);
  assert.is((joined.columns[0] as NumberColumn).decimals, 2);
  assert.equal((joined.columns[1] as LevelColumn).levels, ['a', 'b', 'c']);
  assert.equal((FOUR.columns[1] as LevelColumn).levels, ['a', 'b'], 'the first table stays as it was');
});

table('refuses to join tables of other columns', () => {
  inputError(() => concatTables(FOUR, read('n,t,l\n1.5,p,a\n')), '4', '3 columns');
  inputError(() => concatTables(FOUR, read('n,t,l,y\n1.5,p,a,0\n2.5,p,b,1\n')), '"l"', '"t"');
  inputError(() => concatTables(FOUR, read('n,l,t,y\n1,a,p,0\n2,b,q,1\n')), '"n"', 'numeric', 'integer');
});

table('takes the rows of a data set with their labels and groups', () => {
  const dataset = toDataset(read('id,n,y\n7,1.5,no\n7,2.5,no\n9,3.5,yes\n8,4.5,no\n'), { name: 'd', target: 'y', group: 'id' });
  const part = takeDataset(dataset, [3, 2, 0]);
  assert.is(toCsv(part.features), 'n\n4.5\n3.5\n1.5\n');
  assert.equal([...part.y], [0, 1, 0]);
  assert.equal([...(part.group as Int32Array)], [2, 1, 0]);
  assert.is(part.target.positive, 'yes');
});

table.run();
