/** Vital signs of the first day, and the one pass over CHARTEVENTS that all charted values come from. */
import { GCS } from './gcs.sql.js';
import { charted, itemTable, type Measurement, numbers, spread } from './items.js';
import { HOURS } from './stays.sql.js';
import { source, type Tables } from './tables.js';
import { FIO2, VENTILATION_ITEMS } from './ventilation.sql.js';

const celsius = charted('temp', [10, 50], { careVue: [676, 677], metaVision: [223762] });
const fahrenheit = charted('temp', [70, 120], { careVue: [678, 679], metaVision: [223761] });

/** mmHg, beats and breaths a minute, °C, per cent. */
export const VITALS: readonly Measurement[] = [
  charted('heartrate', [0, 300], { careVue: [211], metaVision: [220045] }),
  charted('sysbp', [0, 400], { careVue: [51, 442, 455, 6701], metaVision: [220050, 220179] }),
  charted('diasbp', [0, 300], { careVue: [8368, 8440, 8441, 8555], metaVision: [220051, 220180] }),
  charted('meanbp', [0, 300], { careVue: [52, 443, 456, 6702], metaVision: [220052, 220181, 225312] }),
  charted('resprate', [0, 70], { careVue: [615, 618], metaVision: [220210, 224690] }),
  celsius,
  { ...fahrenheit, fahrenheit: true },
  charted('spo2', [0, 100.0001], { careVue: [646], metaVision: [220277] }),
];

export const VITAL_NAMES: readonly string[] = [...new Set(VITALS.map(({ name }) => name))];

const CHARTED: readonly Measurement[] = [...VITALS, ...GCS, FIO2];
const ITEMS: readonly number[] = [...new Set([...CHARTED.flatMap(({ items }) => items), ...VENTILATION_ITEMS])];

/**
 * The rows of the cohort's first day, of the items that are needed. The item is looked at first: nine of ten rows end there, before
 * any other cell is read as a number or a time.
 */
export const chartEvents = ({ chartevents }: Tables): string => `
  CREATE TABLE chart_events AS
  SELECT stays.icustay_id, event.itemid::INTEGER AS itemid, charttime::TIMESTAMP AS charttime, event.value, valuenum::DOUBLE AS valuenum
  FROM ${source(chartevents)} AS event JOIN stays ON stays.icustay_id = event.icustay_id::BIGINT
  WHERE event.itemid::INTEGER IN (${numbers(ITEMS)})
    AND event.error IS DISTINCT FROM '1'
    AND charttime::TIMESTAMP >= intime AND charttime::TIMESTAMP < intime + INTERVAL ${HOURS} HOUR`;

/** Charted numbers that can be true, temperatures in °C. `place` is the row's place in the file. */
export const charts = `
  CREATE VIEW charts AS
  SELECT icustay_id, name, itemid, charttime, event.value AS text, event.rowid AS place,
    CASE WHEN fahrenheit THEN (valuenum - 32) / 1.8 ELSE valuenum END AS value
  FROM chart_events AS event JOIN ${itemTable(CHARTED)} USING (itemid)
  WHERE valuenum > above AND valuenum < below`;

export const vitals = `CREATE TABLE vitals AS ${spread('charts', VITAL_NAMES)}`;
