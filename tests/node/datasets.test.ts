import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../ts/errors.js';
import { isFile, loadTables } from '../../ts/node/datasets.js';
import { temporaryFolder } from './folder.js';

const test = suite('datasets');
const folder = temporaryFolder();

test('embedded tables carry their facts', () => {
  const tables = loadTables([{ name: 'breast_cancer' }, { name: 'pbc_visits' }, { name: 'support2_icu' }]);
  assert.equal(
    tables.map(({ facts }) => [facts.name, facts.rows, facts.positives, facts.features, facts.groups, facts.positive]),
    [
      ['breast_cancer', 569, 212, 30, null, 'M'],
      ['pbc_visits', 1844, 92, 16, 312, '1'],
      ['support2_icu', 9105, 725, 25, null, '1'],
    ],
  );
  for (const { facts } of tables) {
    assert.match(facts.sha256, /^[0-9a-f]{64}$/);
    assert.ok(facts.source && facts.licence && facts.title);
  }
});

test('a schema names the roles that the request leaves open', () => {
  const file = join(folder, 'own.csv');
  const rows = Array.from({ length: 30 }, (_, i) => `${i >> 1},${i % 7},${(i * i) % 5},${i % 3 === 0 ? 'y' : 'n'}`);
  writeFileSync(file, `patient,a,b,died\n${rows.join('\n')}\n`);
  const schema = join(folder, 'schema.json');
  writeFileSync(schema, JSON.stringify({ target: 'died', group: 'patient', exclude: ['b'], columns: { a: { kind: 'ordinal' } } }));
  const nothing = { target: undefined, positive: undefined, group: undefined, exclude: [] };
  const [{ dataset, facts }] = loadTables([{ ...nothing, file, schema }]) as [ReturnType<typeof loadTables>[number]];
  assert.is(facts.name, 'own');
  assert.is(facts.file, file);
  assert.is(facts.source, null);
  assert.equal([facts.target, facts.positive, facts.group_column, facts.groups, facts.exclude], ['died', 'y', 'patient', 15, ['b']]);
  assert.match(facts.schema_sha256!, /^[0-9a-f]{64}$/);
  assert.equal(
    dataset.features.columns.map(({ name, kind }) => [name, kind]),
    [['a', 'ordinal']],
  );
  const refused = (error: Error) => error instanceof InputError && /"--target" expected the column of .*own\.csv/.test(error.message);
  assert.throws(() => loadTables([{ ...nothing, file, schema: undefined }]), refused);
});

test('names are embedded tables, everything with a dot or a slash is a file', () => {
  assert.equal(['pbc_visits', 'a.csv', 'data/pbc_visits', 'nothing'].map(isFile), [false, true, true, false]);
  assert.throws(() => loadTables([{ name: 'nothing' }]), /"--datasets" expected breast_cancer, .* got nothing/);
});

test.run();
