/** The embedded tables are those that data/README.md vouches for, and are read as their descriptions declare them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCsv, toCsv } from '../../ts/table/csv.js';
import { toDataset } from '../../ts/table/dataset.js';
import { parseDescription } from '../../ts/table/description.js';
import { isLevelColumn, isNumberColumn } from '../../ts/table/table.js';
import { inputError } from '../table/refusal.js';

const embedded = suite('embedded');
const DATA = fileURLToPath(new URL('../../data/', import.meta.url));
const file = (name: string) => readFileSync(DATA + name, 'utf8');
const readme = file('README.md');
const names = readdirSync(DATA)
  .filter((name) => name.endsWith('.csv'))
  .map((name) => name.slice(0, -4));

embedded('there are three tables', () => assert.equal(names, ['breast_cancer', 'pbc_visits', 'support2_icu']));

for (const name of names) {
  const description = parseDescription(file(`${name}.json`), `${name}.json`);
  const facts = JSON.parse(file(`${name}.json`));

  embedded(`${name}: sha256, source and licence stand in the README`, () => {
    const sha256 = createHash('sha256')
      .update(readFileSync(`${DATA}${name}.csv`))
      .digest('hex');
    assert.ok(readme.includes(sha256), `data/README.md does not hold ${sha256} of ${name}.csv`);
    for (const fact of [description.title, description.source, description.licence]) assert.ok(readme.includes(fact), fact);
  });

  embedded(`${name}: kinds, missing cells, ranges and classes are as declared`, () => {
    const table = readCsv(file(`${name}.csv`), { file: description.file, schema: description.schema });
    assert.equal(table.warnings, []);
    assert.is(table.rows, facts.rows);
    for (const declared of facts.columns) {
      const column = table.columns.find((own) => own.name === declared.name);
      assert.ok(column, declared.name);
      if (!column || column.kind === 'text') throw new Error(`${declared.name} is text`);
      const inWords = declared.type === 'ordinal' && declared.levels;
      assert.is(column.kind, inWords ? 'categorical' : declared.type, declared.name);
      const cells = isNumberColumn(column)
        ? [...column.values]
        : [...column.codes].map((code) => (code < 0 ? Number.NaN : Number(column.levels[code])));
      const missing = isLevelColumn(column) ? column.codes.filter((code) => code < 0).length : cells.filter(Number.isNaN).length;
      assert.is((missing / table.rows).toFixed(4), declared.missing_share.toFixed(4), declared.name);
      if (declared.observed_min !== undefined) {
        const there = cells.filter((value) => !Number.isNaN(value));
        assert.is(Math.min(...there), declared.observed_min, declared.name);
        assert.is(Math.max(...there), declared.observed_max, declared.name);
      }
      if (declared.levels && isLevelColumn(column)) assert.equal(column.levels, declared.levels);
    }
    const dataset = toDataset(table, { name, ...description.schema });
    assert.equal(dataset.warnings, []);
    assert.is(dataset.y.filter((label) => label === 1).length, facts.n_positive);
    assert.is(dataset.features.columns.length, facts.n_features);
    assert.is(dataset.group !== null, facts.group_column !== null);
  });

  embedded(`${name}: is written and read as the same`, () => {
    const table = readCsv(file(`${name}.csv`), { schema: description.schema });
    const text = toCsv(table);
    assert.is(toCsv(readCsv(text, { schema: description.schema })), text);
  });
}

embedded('without their descriptions the tables are read nearly the same', () => {
  const kinds = Object.fromEntries(readCsv(file('pbc_visits.csv')).columns.map((column) => [column.name, column.kind]));
  assert.is(kinds.ascites, 'binary');
  assert.is(kinds.sex, 'binary');
  assert.is(kinds.stage, 'integer');
  assert.is(kinds.bili, 'numeric');
  const bare = toDataset(readCsv(file('pbc_visits.csv')), { name: 'pbc', target: 'event_within_260d' });
  assert.is(bare.target.positive, '1');
  assert.match(bare.warnings.join(), '"patient_id"');
});

embedded('a description that lacks something is refused', () => {
  inputError(() => parseDescription('{"name": "x"}', 'x.json'), 'x.json', '"file"', 'expected string');
  inputError(() => parseDescription('{', 'x.json'), 'x.json', 'JSON');
});

embedded.run();
