/** The cohort: one row a patient, every column in its place. */
import { COMORBIDITIES } from './comorbidities.sql.js';
import { GCS_COLUMNS } from './gcs.sql.js';
import { spreadColumns } from './items.js';
import { LAB_NAMES } from './labs.sql.js';
import { sapsii, sapsiiProbability } from './severity.sql.js';
import { sqlText } from './tables.js';
import { VITAL_NAMES } from './vitals.sql.js';

const ADMISSION = `CASE WHEN surgery.surgical = 1 AND admission_type = 'ELECTIVE' THEN 'scheduled_surgical'
         WHEN surgery.surgical = 1 THEN 'unscheduled_surgical' ELSE 'medical' END`;

const measured = [...spreadColumns(VITAL_NAMES), ...GCS_COLUMNS, ...spreadColumns(LAB_NAMES), 'pao2fio2_min'];

const features = `
  SELECT subject_id, hadm_id, icustay_id, dbsource, first_careunit, age, sex, admission_type,
    coalesce(surgery.surgical, 0) AS surgical, ${ADMISSION} AS saps_admission, hours_before_icu,
    ${measured.join(', ')},
    coalesce(ventilated, 0) AS ventilated, coalesce(cpap, 0) AS cpap, urine_output_ml,
    ${COMORBIDITIES.map(({ name }) => name).join(', ')},
    died_in_icu, died_in_hospital
  FROM stays
    LEFT JOIN vitals USING (icustay_id) LEFT JOIN gcs USING (icustay_id) LEFT JOIN labs USING (icustay_id)
    LEFT JOIN oxygenation USING (icustay_id) LEFT JOIN ventilation USING (icustay_id) LEFT JOIN urine USING (icustay_id)
    LEFT JOIN comorbidities USING (icustay_id) LEFT JOIN surgery USING (icustay_id)`;

export const cohort = `
  CREATE TABLE cohort AS
  WITH scored AS (SELECT *, ${sapsii} AS sapsii FROM (${features}))
  SELECT * EXCLUDE (sapsii, died_in_icu, died_in_hospital), sapsii, ${sapsiiProbability} AS sapsii_prob, died_in_icu, died_in_hospital
  FROM scored`;

export const writeCohort = (file: string): string =>
  `COPY (SELECT * FROM cohort ORDER BY subject_id) TO ${sqlText(file)} (FORMAT csv, HEADER, DELIMITER ',')`;
