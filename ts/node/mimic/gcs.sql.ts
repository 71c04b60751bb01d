/** The Glasgow coma scale at its lowest in the first day. */
import { charted, type Measurement } from './items.js';

export const GCS: readonly Measurement[] = [
  charted('gcs_motor', [0, 6.5], { careVue: [454], metaVision: [223901] }),
  charted('gcs_verbal', [-1, 5.5], { careVue: [723], metaVision: [223900] }),
  charted('gcs_eyes', [0, 4.5], { careVue: [184], metaVision: [220739] }),
];

/** What stands for the verbal part of a patient with a tube. */
const INTUBATED = `text = '1.0 ET/Trach' OR text = 'No Response-ETT'`;

/**
 * The three parts at one time; a part that was not charted then is the last one of six hours. An intubated patient cannot speak: verbal
 * 0, and the sum counts as 15, as published work with SAPS-II does (the state before sedation).
 */
export const gcs = `
  CREATE TABLE gcs AS
  WITH parts AS (
    SELECT icustay_id, charttime,
      max(value) FILTER (name = 'gcs_motor') AS motor,
      max(CASE WHEN ${INTUBATED} THEN 0 ELSE value END) FILTER (name = 'gcs_verbal') AS verbal,
      max(value) FILTER (name = 'gcs_eyes') AS eyes
    FROM charts WHERE name IN ('gcs_motor', 'gcs_verbal', 'gcs_eyes') GROUP BY icustay_id, charttime),
  carried AS (
    SELECT icustay_id,
      last_value(motor IGNORE NULLS) OVER six_hours AS motor,
      last_value(verbal IGNORE NULLS) OVER six_hours AS verbal,
      last_value(eyes IGNORE NULLS) OVER six_hours AS eyes
    FROM parts
    WINDOW six_hours AS (PARTITION BY icustay_id ORDER BY charttime RANGE BETWEEN INTERVAL 6 HOUR PRECEDING AND CURRENT ROW))
  SELECT icustay_id,
    min(CASE WHEN verbal = 0 THEN 15 ELSE motor + verbal + eyes END)::INTEGER AS gcs_min,
    min(motor)::INTEGER AS gcs_motor_min,
    min(nullif(verbal, 0))::INTEGER AS gcs_verbal_min,
    min(eyes)::INTEGER AS gcs_eyes_min,
    max((verbal = 0)::INTEGER) AS gcs_intubated
  FROM carried GROUP BY icustay_id`;

export const GCS_COLUMNS = ['gcs_min', 'gcs_motor_min', 'gcs_verbal_min', 'gcs_eyes_min', 'gcs_intubated'] as const;
