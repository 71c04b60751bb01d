import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CancelledError } from '../../../ts/errors.js';
import { loadTables } from '../../../ts/node/datasets.js';
import { buildCohort, type CohortOutcome, type CohortProgress } from '../../../ts/node/mimic/cohort.js';
import { openDatabase } from '../../../ts/node/mimic/database.js';
import { GCS } from '../../../ts/node/mimic/gcs.sql.js';
import { LABS } from '../../../ts/node/mimic/labs.sql.js';
import { FIO2 } from '../../../ts/node/mimic/ventilation.sql.js';
import { VITALS } from '../../../ts/node/mimic/vitals.sql.js';
import { has } from '../../requirements.js';
import { newFolder, readRows, type Writing, writeHospital } from './hospital.js';

const test = suite('MIMIC cohort');

const build = (folder: string, out: string, more: object = {}) => buildCohort({ folder, out, memory: '512MB', threads: 2, ...more });

/** The cohort's file for a hospital that is written in some way. */
async function cohortOf(writing: Writing = {}, more: object = {}): Promise<{ file: string; folder: string; outcome: CohortOutcome }> {
  const folder = newFolder();
  const file = join(folder, 'cohort.csv');
  return { file, folder, outcome: await build(writeHospital(writing), file, more) };
}

test('an item means one thing only, and its limits leave room', () => {
  for (const measurements of [[...VITALS, ...GCS, FIO2], LABS]) {
    const items = measurements.flatMap((measurement) => measurement.items);
    assert.is(new Set(items).size, items.length);
    for (const { name, above, below, items } of measurements) assert.ok(above < below && items.length > 0, name);
  }
});

if (has('package:@duckdb/node-api')) {
  const { file, folder, outcome } = await cohortOf();
  const rows = readRows(file);
  /** Fails unless the patient's cells are these; a number for a number, '' for missing. */
  const shows = (patient: string, expected: Record<string, string | number>) => {
    const row = rows.get(patient)!;
    const got = Object.fromEntries(
      Object.entries(expected).map(([name, value]) => [
        name,
        typeof value === 'number' && row[name] !== '' ? Number(row[name]) : row[name],
      ]),
    );
    assert.equal(got, expected);
  };

  test('one row a patient of 16 years or more, by number, and what was left out is told', () => {
    assert.equal([...rows.keys()], ['1', '2', '4', '5', '6']);
    assert.equal(readdirSync(folder).sort(), ['cohort.csv', 'cohort.schema.json']);
    const { patients, columns, deaths, target } = outcome;
    assert.equal({ patients, columns, deaths, target }, { patients: 5, columns: 138, deaths: 2, target: 'died_in_hospital' });
    assert.match(outcome.warnings[0]!, /^1 ICU stay without a row in ADMISSIONS or PATIENTS left out$/);
    assert.match(outcome.warnings[1]!, /^no patient has a value of diasbp_min, .* and \d+ more: not learnt from$/);
  });

  test('CareVue, the first of two stays: vital signs, temperature from °F, carried GCS, windows', () => {
    shows('1', {
      icustay_id: 111,
      age: 60,
      sex: 'F',
      admission_type: 'EMERGENCY',
      hours_before_icu: 6,
      saps_admission: 'medical',
      surgical: 0,
    });
    shows('1', { heartrate_min: 70, heartrate_max: 90, heartrate_mean: 80, temp_min: (100.4 - 32) / 1.8, sysbp_min: '' });
    shows('1', { gcs_min: 14, gcs_motor_min: 5, gcs_verbal_min: 5, gcs_eyes_min: 3, gcs_intubated: 0 });
    shows('1', { glucose_min: 100, glucose_max: 140, glucose_mean: 120, hematocrit_min: '', urine_output_ml: 700 });
    shows('1', { chf: 1, diabetes: 1, aids: 0, ventilated: 0, cpap: 0, died_in_icu: 0, died_in_hospital: 0 });
    // age 60: 12, urine below 1000: 4, medical: 6
    shows('1', { sapsii: 22, sapsii_prob: 0.0467 });
  });

  test('MetaVision, intubated: GCS counts as 15, arterial oxygen only, irrigant subtracted, death in the ICU', () => {
    shows('2', { age: 45, hours_before_icu: 0, heartrate_min: 130, heartrate_max: 165, temp_max: 39.5, sysbp_min: 65 });
    shows('2', { gcs_min: 15, gcs_motor_min: 1, gcs_verbal_min: '', gcs_eyes_min: 1, gcs_intubated: 1 });
    shows('2', { ventilated: 1, pao2_min: 40, pao2_max: 80, pao2fio2_min: 160, bands_min: 0, urine_output_ml: 70 });
    shows('2', { hem_malignancy: 1, chf: 0, died_in_icu: 1, died_in_hospital: 1 });
    // age 7, heart rate 7, pressure 13, temperature 3, ventilated with 160: 9, urine 11, urea nitrogen 10, malignancy 10, medical 6
    shows('2', { sapsii: 76 });
  });

  test('beyond 89 years, dead in hospital after the ICU, without laboratory values and codes', () => {
    shows('4', { age: 91.4, died_in_icu: 0, died_in_hospital: 1, glucose_min: '', chf: '', coronary_disease: '', ventilated: 1 });
    shows('4', { urine_output_ml: '', gcs_min: '', pao2fio2_min: '' });
  });

  test('what cannot be true is left out, at both ends and in both units', () => {
    shows('5', { heartrate_min: 75, heartrate_max: 75, temp_min: '', spo2_max: 100, sodium_min: '', cpap: 1, ventilated: 0 });
    shows('5', { pao2fio2_min: 150, saps_admission: 'scheduled_surgical', metastatic_cancer: 1, solid_tumour: 0, coronary_disease: 1 });
    shows('5', { hours_before_icu: 48 });
  });

  test('sixteen years old, surgery that was not planned', () => {
    shows('6', { age: 16, saps_admission: 'unscheduled_surgical', surgical: 1, platelet_mean: 250, heartrate_min: '', liver_disease: 0 });
  });

  for (const [name, writing] of [
    ['lower case', { upper: false, upperNames: false }],
    ['gzip', { gzip: true }],
    ['lower-case headers in gzip', { upper: false, gzip: true }],
    ['lower-case names of files, upper-case headers', { upperNames: false }],
    ['line ends of Windows and a byte-order mark', { edit: (text: string) => `\ufeff${text.replaceAll('\n', '\r\n')}` }],
    ['every text quoted', { edit: (text: string) => text.replace(/(?<=^|,)([^,"\n]+)(?=,|$)/gm, '"$1"') }],
  ] as const) {
    test(`the same cohort from files in ${name}`, async () => {
      assert.is(readFileSync((await cohortOf(writing)).file, 'utf8'), readFileSync(file, 'utf8'));
    });
  }

  test('the same bytes whatever the number of threads', async () => {
    for (const threads of [1, 4]) assert.is(readFileSync((await cohortOf({}, { threads })).file, 'utf8'), readFileSync(file, 'utf8'));
  });

  for (const [label, target, other] of [
    ['hospital', 'died_in_hospital', 'died_in_icu'],
    ['icu', 'died_in_icu', 'died_in_hospital'],
  ] as const) {
    test(`the schema of ${label} deaths: what is predicted, whose rows they are, what is no feature`, async () => {
      const { file, outcome } = await cohortOf({}, { label });
      const [table] = await loadTables([
        { file, target: undefined, positive: undefined, group: undefined, schema: outcome.schema, exclude: [] },
      ]);
      const { dataset, facts } = table!;
      assert.equal(dataset.target, { column: target, positive: '1', negative: '0' });
      assert.is(facts.positives, outcome.deaths);
      assert.is(facts.group_column, 'subject_id');
      const learnt = dataset.features.columns.map((column) => column.name);
      for (const name of ['subject_id', 'hadm_id', 'icustay_id', 'dbsource', 'sapsii', 'sapsii_prob', target, other]) {
        assert.not.ok(learnt.includes(name), `${name} is a feature`);
      }
      for (const name of ['age', 'sex', 'gcs_min', 'glucose_mean', 'ventilated', 'diabetes']) assert.ok(learnt.includes(name), name);
      const kinds = new Map(dataset.features.columns.map((column) => [column.name, column.kind]));
      assert.equal(
        ['age', 'sex', 'gcs_min', 'chf'].map((name) => kinds.get(name)),
        ['numeric', 'categorical', 'integer', 'binary'],
      );
    });
  }

  test('progress names every table in turn', async () => {
    const seen: string[] = [];
    let done = 0;
    const progress: CohortProgress = {
      start: ({ title, at, of }) => seen.push(`${at}/${of} ${title}`),
      share: (share) => assert.ok(share >= 0 && share <= 1),
      done: () => done++,
      stop: () => seen.push('stop'),
    };
    await cohortOf({ gzip: true }, { progress });
    assert.is(done, 9);
    assert.equal([seen[0], seen[7], seen[8], seen[9]], ['1/9 PATIENTS.csv.gz', '8/9 CHARTEVENTS.csv.gz', '9/9 cohort', 'stop']);
  });

  for (const at of [1, 8, 9]) {
    test(`cancelled at step ${at}: nothing is left behind, and what was there stays`, async () => {
      const folder = newFolder();
      const hospital = writeHospital({ gzip: true });
      const controller = new AbortController();
      const progress: CohortProgress = {
        start: (step) => step.at === at && controller.abort(),
        share: () => {},
        done: () => {},
        stop: () => {},
      };
      const out = join(folder, 'cohort.csv');
      await build(hospital, out);
      const before = readFileSync(out, 'utf8');
      try {
        await build(hospital, out, { label: 'icu', signal: controller.signal, progress });
        assert.unreachable('it ended');
      } catch (error) {
        assert.instance(error, CancelledError);
      }
      assert.equal(readdirSync(folder).sort(), ['cohort.csv', 'cohort.schema.json']);
      assert.is(readFileSync(out, 'utf8'), before);
      assert.match(readFileSync(join(folder, 'cohort.schema.json'), 'utf8'), /"target": "died_in_hospital"/);
    });
  }

  test('a query that runs is interrupted', async () => {
    const controller = new AbortController();
    const database = await openDatabase({ memory: '256MB', threads: 1, folder: newFolder() }, controller.signal);
    setTimeout(() => controller.abort(), 50);
    try {
      await database.run('CREATE TABLE endless AS SELECT sum(hash(range)) FROM range(1000000000000)');
      assert.unreachable('it ended');
    } catch (error) {
      assert.instance(error, CancelledError);
    } finally {
      database.close();
    }
  });
}

test.run();
