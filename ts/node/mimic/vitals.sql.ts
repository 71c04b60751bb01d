/** Vital signs of the first day, and the one pass over CHARTEVENTS that all charted values come from. */
import { GCS } from './gcs.sql.js';
import { charted, itemTable, type Measurement, numbers, spread } from './items.js';
import { withinHours } from './stays.sql.js';
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
 * The rows of the items that are needed, on the days of the stays, in the order of the file. The item is looked at first: nine of ten
 * rows end there, before any other cell is read as a number or a time.
 */
export const chartRows = ({ chartevents }: Tables): string => `
  CREATE TABLE chart_rows AS
  SELECT event.icustay_id::BIGINT AS icustay_id, itemid::INTEGER AS itemid, charttime::TIMESTAMP AS charttime, value,
    valuenum::DOUBLE AS valuenum
  FROM ${source(chartevents)} AS event
  SEMI JOIN days ON days.icustay_id = event.icustay_id::BIGINT AND day = charttime::TIMESTAMP::DATE
  WHERE itemid::INTEGER IN (${numbers(ITEMS)}) AND error IS DISTINCT FROM '1'`;

/** Those of the stays' hours. `place` is a row's place among them in the file. */
export const chartEvents = `
  CREATE TABLE chart_events AS
  SELECT icustay_id, itemid, charttime, value, valuenum, chart_rows.rowid AS place
  FROM chart_rows JOIN stays USING (icustay_id) WHERE ${withinHours('charttime')}`;

/** Charted numbers that can be true, temperatures in °C. */
export const charts = `
  CREATE VIEW charts AS
  SELECT icustay_id, name, itemid, charttime, event.value AS text, place,
    CASE WHEN fahrenheit THEN (valuenum - 32) / 1.8 ELSE valuenum END AS value
  FROM chart_events AS event JOIN ${itemTable(CHARTED)} USING (itemid)
  WHERE valuenum > above AND valuenum < below`;

export const vitals = `CREATE TABLE vitals AS ${spread('charts', VITAL_NAMES)}`;
