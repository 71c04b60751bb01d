/** What the study must know of the cohort and its columns cannot say: outcome, patient, kinds, and what is no feature. */
import type { ColumnSchema, Schema } from '../../table/schema.js';
import { COMORBIDITIES } from './comorbidities.sql.js';
import { GCS_COLUMNS } from './gcs.sql.js';

export type Label = 'hospital' | 'icu';

export const OUTCOMES: Readonly<Record<Label, string>> = { hospital: 'died_in_hospital', icu: 'died_in_icu' };

const TEXTS = ['admission_type', 'first_careunit', 'saps_admission', 'sex', 'dbsource'];
const FLAGS = ['surgical', 'ventilated', 'cpap', 'gcs_intubated', ...COMORBIDITIES.map(({ name }) => name), ...Object.values(OUTCOMES)];
const WHOLE: readonly string[] = GCS_COLUMNS;
/** Identifiers, the record system of the years a patient fell into, and scores that hold an outcome model already. */
const NO_FEATURES = ['hadm_id', 'icustay_id', 'dbsource', 'sapsii', 'sapsii_prob'];
const PATIENT = 'subject_id';

function kindOf(name: string): ColumnSchema {
  if (TEXTS.includes(name)) return { kind: 'categorical' };
  if (FLAGS.includes(name)) return { kind: 'binary', levels: ['0', '1'] };
  return { kind: WHOLE.includes(name) ? 'integer' : 'numeric' };
}

/** The schema of a cohort with these columns; `empty` ones have no value in any row. */
export function cohortSchema(columns: readonly string[], empty: readonly string[], label: Label): Schema {
  const target = OUTCOMES[label];
  const others = Object.values(OUTCOMES).filter((name) => name !== target);
  const exclude = [...NO_FEATURES, ...others, ...empty];
  const learnt = columns.filter((name) => name !== PATIENT && !exclude.includes(name));
  return {
    target,
    positive: '1',
    group: PATIENT,
    exclude,
    columns: Object.fromEntries(learnt.map((name) => [name, kindOf(name)])),
  };
}
