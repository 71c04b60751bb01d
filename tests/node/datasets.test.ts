import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../ts/errors.js';
import { isFile, loadTables, type StudyTable } from '../../ts/node/datasets.js';
import { simulateFile } from '../../ts/node/simulate.js';
import { rejection } from '../contract/rejection.js';
import { temporaryFolder } from './folder.js';

const test = suite('datasets');
const folder = temporaryFolder();
const nothing = { target: undefined, positive: undefined, group: undefined, exclude: [] };

test('embedded tables carry their facts', async () => {
  const tables = await loadTables([{ name: 'breast_cancer' }, { name: 'pbc_visits' }, { name: 'support2_icu' }]);
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

test('a schema names the roles that the request leaves open', async () => {
  const file = join(folder, 'own.csv');
  const rows = Array.from({ length: 30 }, (_, i) => `${i >> 1},${i % 7},${(i * i) % 5},${i % 3 === 0 ? 'y' : 'n'}`);
  writeFileSync(file, `patient,a,b,died\n${rows.join('\n')}\n`);
  const schema = join(folder, 'schema.json');
  writeFileSync(schema, JSON.stringify({ target: 'died', group: 'patient', exclude: ['b'], columns: { a: { kind: 'ordinal' } } }));
  const [{ dataset, facts }] = (await loadTables([{ ...nothing, file, schema }])) as [StudyTable];
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
  assert.ok(refused(await rejection(loadTables([{ ...nothing, file, schema: undefined }]))));
});

test('names are embedded or simulated tables, everything with a dot or a slash is a file', async () => {
  assert.equal(['pbc_visits', 'simulated_icu', 'a.csv', 'data/pbc_visits', 'nothing'].map(isFile), [false, false, true, true, false]);
  const error = await rejection(loadTables([{ name: 'nothing' }]));
  assert.match(error.message, /"--datasets" expected breast_cancer, .* got nothing/);
});

test('simulated rows are called so, by name and by schema', async () => {
  const [{ dataset, facts }] = (await loadTables([{ name: 'simulated_icu' }])) as [StudyTable];
  assert.equal([facts.simulated, facts.rows, facts.features, facts.target, dataset.y.length], [true, 30_000, 29, 'died', 30_000]);
  assert.is(facts.title, 'Simulated ICU cohort (simulated, not patients)');
  const file = join(folder, 'ward.csv');
  const { schema } = await simulateFile({ kind: 'icu', rows: 300, seed: 2, out: file });
  const [own] = (await loadTables([{ ...nothing, file, schema }])) as [StudyTable];
  assert.equal([own.facts.simulated, own.facts.title], [true, 'ward (simulated, not patients)']);
  assert.match(own.warnings.join(), /the rows are simulated, not patients/);
  const [real] = (await loadTables([{ name: 'breast_cancer' }])) as [StudyTable];
  assert.is(real.facts.simulated, false);
});

test.run();
