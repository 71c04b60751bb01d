/** Help with breathing on the first day, and how well the lungs took the oxygen up. */
import { charted, type Measurement, numbers } from './items.js';
import { LAB_FIO2, SPECIMEN } from './labs.sql.js';

/** Share of oxygen in the air breathed in; recorded as a share or in per cent. */
export const FIO2: Measurement = charted('fio2', [0, 100.0001], { careVue: [190, 3420, 3422], metaVision: [223835] });

/** A setting or reading that only a ventilator has: volumes, pressures, PEEP, inspiratory time and the like. */
const SETTINGS: readonly number[] = [
  223849, 445, 448, 449, 450, 1340, 1486, 1600, 224687, 639, 654, 681, 682, 683, 684, 224685, 224684, 224686, 218, 436, 535, 444, 459,
  224697, 224695, 224696, 224746, 224747, 543, 5865, 5866, 224707, 224709, 224705, 224706, 501, 502, 503, 224702, 223, 667, 668, 669, 670,
  671, 672, 224701,
];
/** The ventilator's type. */
const TYPES: readonly number[] = [720, 223848];
/** The device that gives oxygen: CareVue, MetaVision. */
const DEVICE = 467;
const DEVICE_METAVISION = 226732;

export const VENTILATION_ITEMS: readonly number[] = [...TYPES, DEVICE, DEVICE_METAVISION, ...SETTINGS];

export const ventilation = `
  CREATE TABLE ventilation AS
  SELECT icustay_id,
    max(CASE WHEN itemid IN (${numbers(TYPES)}) THEN (value NOT IN ('Other', 'Other/Remarks'))::INTEGER
             WHEN itemid = ${DEVICE} THEN (value = 'Ventilator')::INTEGER
             ELSE (itemid IN (${numbers(SETTINGS)}))::INTEGER END) AS ventilated,
    max(CASE WHEN itemid = ${DEVICE_METAVISION} THEN (value IN ('CPAP mask ', 'CPAP mask', 'Bipap mask ', 'Bipap mask'))::INTEGER
             WHEN itemid = ${DEVICE} THEN (value IN ('CPAP Mask', 'Bipap mask', 'BiPap Mask'))::INTEGER
             ELSE 0 END) AS cpap
  FROM chart_events
  WHERE value IS NOT NULL AND itemid IN (${numbers(VENTILATION_ITEMS)})
  GROUP BY icustay_id`;

/** In per cent; a value between 1 and 21 is neither a share nor a percentage that a patient can breathe. */
const oxygen = `
  SELECT icustay_id, charttime,
    CASE WHEN itemid IN (190, 223835) AND value > 0.2 AND value <= 1 THEN value * 100
         WHEN itemid IN (3420, 3422, 223835) AND value >= 21 THEN value END AS fio2
  FROM charts WHERE name = 'fio2'
  UNION ALL
  SELECT icustay_id, charttime, valuenum FROM lab_events WHERE itemid = ${LAB_FIO2} AND valuenum >= 21 AND valuenum <= 100`;

/** Lowest PaO2 ÷ FiO2: arterial samples (or of a kind not stated), each with the oxygen last known in the four hours before it. */
export const oxygenation = `
  CREATE TABLE oxygenation AS
  WITH specimen AS (
    SELECT icustay_id, charttime, max(value) AS kind FROM lab_events WHERE itemid = ${SPECIMEN} GROUP BY icustay_id, charttime),
  arterial AS (
    SELECT icustay_id, charttime, value AS pao2
    FROM lab_values LEFT JOIN specimen USING (icustay_id, charttime)
    WHERE name = 'pao2' AND coalesce(kind, 'ART') = 'ART'),
  given AS (${oxygen}),
  pairs AS (
    SELECT arterial.icustay_id, pao2, fio2,
      row_number() OVER (PARTITION BY arterial.icustay_id, arterial.charttime ORDER BY given.charttime DESC, fio2 DESC, pao2) AS place
    FROM arterial JOIN given
      ON given.icustay_id = arterial.icustay_id AND fio2 IS NOT NULL
      AND given.charttime <= arterial.charttime AND given.charttime >= arterial.charttime - INTERVAL 4 HOUR)
  SELECT icustay_id, min(100 * pao2 / fio2) AS pao2fio2_min FROM pairs WHERE place = 1 GROUP BY icustay_id`;
