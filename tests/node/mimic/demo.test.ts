/** The open demo of MIMIC-III, whose cohort was made by other SQL: equal in every cell. The data stay where they are. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildCohort } from '../../../ts/node/mimic/cohort.js';
import { GCS } from '../../../ts/node/mimic/gcs.sql.js';
import { LAB_FIO2, LABS, SPECIMEN } from '../../../ts/node/mimic/labs.sql.js';
import { URINE } from '../../../ts/node/mimic/urine.sql.js';
import { FIO2, VENTILATION_ITEMS } from '../../../ts/node/mimic/ventilation.sql.js';
import { VITALS } from '../../../ts/node/mimic/vitals.sql.js';
import { dataFolder, has, hasData } from '../../requirements.js';
import { newFolder, TABLES } from './hospital.js';

const test = suite('MIMIC demo');
const demo = dataFolder('mimic-demo');

const linesOf = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

/** The demo's tables in a new folder: names of files in lower case, headers in upper case, unpacked what was packed and vice versa. */
function rewritten(): string {
  const folder = newFolder();
  for (const entry of readdirSync(demo)) {
    const [, table, packed] = /^([A-Z_]+)\.csv(\.gz)?$/.exec(entry) ?? [];
    if (!TABLES.some((name) => name === table)) continue;
    const bytes = readFileSync(join(demo, entry));
    const text = (packed ? gunzipSync(bytes) : bytes).toString('utf8');
    const changed = text.replace(/^.*/, (header) => header.toUpperCase());
    const name = `${table!.toLowerCase()}.csv`;
    writeFileSync(join(folder, packed ? name : `${name}.gz`), packed ? changed : gzipSync(changed));
  }
  return folder;
}

test('nothing of the demo lies in the project: its licence is another', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' });
  assert.not.match(tracked, /(ADMISSIONS|CHARTEVENTS|ICUSTAYS|LABEVENTS|OUTPUTEVENTS|PATIENTS)\.csv/i);
});

if (hasData('mimic-demo', 'cohort.csv') && has('package:@duckdb/node-api')) {
  const expected = readFileSync(join(demo, 'cohort.csv'), 'utf8');

  async function equalsReference(folder: string): Promise<void> {
    const out = join(newFolder(), 'cohort.csv');
    await buildCohort({ folder, out, memory: '1GB', threads: 2 });
    const [header, ...rows] = linesOf(readFileSync(out, 'utf8'));
    const [names, ...others] = linesOf(expected);
    assert.equal(header, names);
    assert.is(rows.length, others.length);
    const faults = rows.flatMap((cells, row) =>
      cells.flatMap((cell, at) =>
        cell === others[row]![at] ? [] : [`patient ${others[row]![0]}, ${names![at]}: ${cell}, expected ${others[row]![at]}`],
      ),
    );
    assert.equal(faults, []);
  }

  test('100 × 138 cells as in the reference', () => equalsReference(demo));
  test('from files with lower-case names and upper-case headers, the events unpacked and the others packed', () =>
    equalsReference(rewritten()));

  test('the items are those of the reference', () => {
    const named = new Map<string, number[]>();
    for (const [concept, item] of linesOf(readFileSync(join(demo, 'cohort_items.csv'), 'utf8')).slice(1)) {
      const name = concept!.replace(/^temp_[cf]$/, 'temp');
      named.set(name, [...(named.get(name) ?? []), Number(item)]);
    }
    const own = new Map<string, number[]>();
    for (const { name, items } of [...VITALS, ...GCS, FIO2, ...LABS]) own.set(name, [...(own.get(name) ?? []), ...items]);
    own.get('fio2')!.push(LAB_FIO2);
    own.set('specimen type', [SPECIMEN]);
    own.set('urine_output', [...URINE.careVue, ...URINE.metaVision]);
    own.set('ventilation', [...VENTILATION_ITEMS]);
    const sorted = (map: Map<string, number[]>) =>
      Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, items]) => [name, [...items].sort((a, b) => a - b)]));
    assert.equal(sorted(own), sorted(named));
  });
}

test.run();
