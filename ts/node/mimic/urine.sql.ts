/** Urine of the first day, in millilitres. */
import { numbers, type Systems } from './items.js';
import { withinHours } from './stays.sql.js';
import { source, type Tables } from './tables.js';

export const URINE: Systems = {
  careVue: [40055, 43175, 40069, 40094, 40715, 40473, 40085, 40057, 40056, 40405, 40428, 40086, 40096, 40651],
  metaVision: [226559, 226560, 226561, 226584, 226563, 226564, 226565, 226567, 226557, 226558, 227488, 227489],
};
/** Irrigant that went in and comes out with the urine. */
const IRRIGANT_IN = 227488;

export const outputRows = ({ outputevents }: Tables): string => `
  CREATE TABLE output_rows AS
  SELECT event.icustay_id::BIGINT AS icustay_id, itemid::INTEGER AS itemid, charttime::TIMESTAMP AS charttime, value::DOUBLE AS value
  FROM ${source(outputevents)} AS event
  SEMI JOIN days ON days.icustay_id = event.icustay_id::BIGINT AND day = charttime::TIMESTAMP::DATE
  WHERE itemid::INTEGER IN (${numbers([...URINE.careVue, ...URINE.metaVision])}) AND iserror IS DISTINCT FROM '1'`;

export const urine = `
  CREATE TABLE urine AS
  SELECT icustay_id,
    sum(CASE WHEN itemid = ${IRRIGANT_IN} THEN -value ELSE value END ORDER BY output_rows.rowid) AS urine_output_ml
  FROM output_rows JOIN stays USING (icustay_id) WHERE ${withinHours('charttime')}
  GROUP BY icustay_id`;
