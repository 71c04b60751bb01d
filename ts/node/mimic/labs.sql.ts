/** Laboratory values from six hours before the stay to its 24th hour. */
import { itemTable, type Measurement, numbers, spread } from './items.js';
import { LAB_HOURS_BEFORE, withinHours } from './stays.sql.js';
import { source, type Tables } from './tables.js';

const lab = (name: string, [above, below]: readonly [number, number], ...items: number[]): Measurement => ({ name, above, below, items });

/** In MIMIC's units (docs/mimic.md lists them). */
export const LABS: readonly Measurement[] = [
  lab('aniongap', [0, 10000], 50868),
  lab('albumin', [0, 10], 50862),
  lab('bands', [-1, 100.0001], 51144),
  lab('bicarbonate', [0, 10000], 50882),
  lab('bilirubin', [0, 150], 50885),
  lab('creatinine', [0, 150], 50912),
  lab('chloride', [0, 10000], 50902, 50806),
  lab('glucose', [0, 10000], 50931, 50809),
  lab('hematocrit', [0, 100.0001], 51221, 50810),
  lab('hemoglobin', [0, 50], 51222, 50811),
  lab('lactate', [0, 50], 50813),
  lab('platelet', [0, 10000], 51265),
  lab('potassium', [0, 30], 50971, 50822),
  lab('ptt', [0, 150.0001], 51275),
  lab('inr', [0, 50], 51237),
  lab('pt', [0, 150.0001], 51274),
  lab('sodium', [0, 200], 50983, 50824),
  lab('bun', [0, 300], 51006),
  lab('wbc', [0, 1000], 51301, 51300),
  lab('ph', [6, 8.5], 50820),
  lab('paco2', [0, 300], 50818),
  lab('pao2', [0, 800], 50821),
  lab('ast', [0, 100000], 50878),
  lab('alt', [0, 100000], 50861),
  lab('calcium', [0, 30], 50893),
  lab('magnesium', [0, 30], 50960),
  lab('phosphate', [0, 40], 50970),
];

export const LAB_NAMES: readonly string[] = LABS.map(({ name }) => name);

/** Beside the values: the blood-gas sample's kind ("ART" is arterial) and the oxygen given when it was taken. */
export const SPECIMEN = 50800;
export const LAB_FIO2 = 50816;

const ITEMS = [...LABS.flatMap(({ items }) => items), SPECIMEN, LAB_FIO2];

/** The one pass over LABEVENTS: the items that are needed, on the days of the stays, in the order of the file. */
export const labRows = ({ labevents }: Tables): string => `
  CREATE TABLE lab_rows AS
  SELECT event.subject_id::BIGINT AS subject_id, event.hadm_id::BIGINT AS hadm_id, itemid::INTEGER AS itemid,
    charttime::TIMESTAMP AS charttime, value, valuenum::DOUBLE AS valuenum
  FROM ${source(labevents)} AS event
  SEMI JOIN days ON days.hadm_id = event.hadm_id::BIGINT AND days.subject_id = event.subject_id::BIGINT
    AND day = charttime::TIMESTAMP::DATE
  WHERE itemid::INTEGER IN (${numbers(ITEMS)})`;

/** Those of the stays' hours and of some before. */
export const labEvents = `
  CREATE TABLE lab_events AS
  SELECT icustay_id, itemid, charttime, value, valuenum, lab_rows.rowid AS place
  FROM lab_rows JOIN stays USING (hadm_id, subject_id) WHERE ${withinHours('charttime', LAB_HOURS_BEFORE)}`;

/** Laboratory numbers that can be true. */
export const labValues = `
  CREATE VIEW lab_values AS
  SELECT icustay_id, name, charttime, place, valuenum AS value
  FROM lab_events AS event JOIN ${itemTable(LABS)} USING (itemid)
  WHERE valuenum > above AND valuenum < below`;

export const labs = `CREATE TABLE labs AS ${spread('lab_values', LAB_NAMES)}`;
