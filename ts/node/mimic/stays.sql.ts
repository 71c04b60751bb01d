/** Whose stay it is: the first ICU stay of every patient of 16 years or more, with the admission around it. */
import { source, type Tables } from './tables.js';

export const MIN_AGE = 16;
/** Ages above 89 are shifted to about 300 years in MIMIC; all of them become the median that its authors state. */
const OLDEST = 89;
const OLDEST_AGE = 91.4;
/** Vital signs, urine and scores are of this many hours from the start of the stay, laboratory values also of some before it. */
const HOURS = 24;
export const LAB_HOURS_BEFORE = 6;

export const patients = ({ patients }: Tables): string => `
  CREATE TABLE patients AS
  SELECT subject_id::BIGINT AS subject_id, gender AS sex, dob::TIMESTAMP AS dob FROM ${source(patients)}`;

export const admissions = ({ admissions }: Tables): string => `
  CREATE TABLE admissions AS
  SELECT subject_id::BIGINT AS subject_id, hadm_id::BIGINT AS hadm_id, admittime::TIMESTAMP AS admittime,
    deathtime::TIMESTAMP AS deathtime, admission_type, hospital_expire_flag::INTEGER AS died_in_hospital
  FROM ${source(admissions)}`;

export const icustays = ({ icustays }: Tables): string => `
  CREATE TABLE icustays AS
  SELECT subject_id::BIGINT AS subject_id, hadm_id::BIGINT AS hadm_id, icustay_id::BIGINT AS icustay_id, dbsource, first_careunit,
    intime::TIMESTAMP AS intime, outtime::TIMESTAMP AS outtime
  FROM ${source(icustays)}`;

/** Years between birth and stay: days ÷ 365.242. */
const age = `date_diff('day', dob, intime) / 365.242`;

/** A death counts as one in the ICU when it falls between six hours before the stay and six hours after it. */
export const stays = `
  CREATE TABLE stays AS
  SELECT stay.* EXCLUDE (place), sex, admission_type,
    round(CASE WHEN ${age} > ${OLDEST} THEN ${OLDEST_AGE} ELSE ${age} END, 2) AS age,
    round(greatest(date_diff('minute', admittime, intime), 0) / 60.0, 2) AS hours_before_icu,
    (deathtime IS NOT NULL AND deathtime BETWEEN intime - INTERVAL 6 HOUR AND outtime + INTERVAL 6 HOUR)::INTEGER AS died_in_icu,
    died_in_hospital
  FROM (SELECT *, row_number() OVER (PARTITION BY subject_id ORDER BY intime, icustay_id) AS place FROM icustays) AS stay
  JOIN admissions USING (hadm_id)
  JOIN patients ON patients.subject_id = stay.subject_id
  WHERE place = 1 AND ${age} >= ${MIN_AGE}`;

/**
 * The calendar days that the hours of a stay touch. Events are first matched with these, then with the hours: a semi-join (on one
 * thread) keeps the order of the file, which an inner join does not, and the order of a sum decides its last digit.
 */
export const days = `
  CREATE TABLE days AS
  SELECT icustay_id, subject_id, hadm_id, unnest(generate_series(
    (intime - INTERVAL ${LAB_HOURS_BEFORE} HOUR)::DATE, (intime + INTERVAL ${HOURS} HOUR)::DATE, INTERVAL 1 DAY))::DATE AS day
  FROM stays`;

/** Whether a time falls into the hours of the stay, from so many hours before it. */
export const withinHours = (time: string, before = 0): string =>
  `${time} >= intime - INTERVAL ${before} HOUR AND ${time} < intime + INTERVAL ${HOURS} HOUR`;

/** Whether the first service of the admission is a surgical one, among those that began before the stay's twelfth hour. */
export const services = ({ services }: Tables): string => `
  CREATE TABLE surgery AS
  SELECT icustay_id, (curr_service LIKE '%SURG' OR curr_service = 'ORTHO')::INTEGER AS surgical
  FROM (
    SELECT icustay_id, curr_service,
      row_number() OVER (PARTITION BY icustay_id ORDER BY transfertime::TIMESTAMP, curr_service) AS place
    FROM (SELECT hadm_id::BIGINT AS hadm_id, transfertime, curr_service FROM ${source(services)}) JOIN stays USING (hadm_id)
    WHERE transfertime::TIMESTAMP < intime + INTERVAL 12 HOUR)
  WHERE place = 1`;
