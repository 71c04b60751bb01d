/** Chronic diseases, from the ICD-9 codes of the admission. Codes are given at discharge, so only groups that last are taken. */
import { source, type Tables } from './tables.js';

interface Disease {
  readonly name: string;
  /** Codes that begin so. */
  readonly starts?: readonly string[];
  /** Categories (the first three digits) from … to. */
  readonly categories?: readonly (readonly [string, string])[];
}

export const COMORBIDITIES: readonly Disease[] = [
  { name: 'aids', starts: ['042', '043', '044'] },
  { name: 'hem_malignancy', categories: [['200', '208']] },
  { name: 'metastatic_cancer', categories: [['196', '198']], starts: ['1990', '1991'] },
  {
    name: 'solid_tumour',
    categories: [
      ['140', '172'],
      ['174', '195'],
    ],
  },
  { name: 'chf', starts: ['428'] },
  { name: 'chronic_pulmonary', categories: [['490', '496']] },
  { name: 'diabetes', starts: ['250'] },
  { name: 'chronic_renal', starts: ['585'] },
  { name: 'liver_disease', starts: ['571', '5722', '5723', '5724', '5728'] },
  { name: 'hypertension', categories: [['401', '405']] },
  { name: 'atrial_fibrillation', starts: ['4273'] },
  { name: 'coronary_disease', starts: ['412', '414'] },
];

function flag({ name, starts = [], categories = [] }: Disease): string {
  const tests = [
    ...starts.map((start) => `starts_with(icd9_code, '${start}')`),
    ...categories.map(([from, to]) => `left(icd9_code, 3) BETWEEN '${from}' AND '${to}'`),
  ];
  return `max((${tests.join(' OR ')})::INTEGER) AS ${name}`;
}

/** A stay whose admission has no codes has no flags: nothing is known. */
export const comorbidities = ({ diagnoses_icd }: Tables): string => `
  CREATE TABLE comorbidities AS
  SELECT icustay_id, ${COMORBIDITIES.map(flag).join(',\n    ')}
  FROM stays JOIN (SELECT hadm_id::BIGINT AS hadm_id, icd9_code FROM ${source(diagnoses_icd)}) USING (hadm_id)
  GROUP BY icustay_id`;
