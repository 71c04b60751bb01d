/**
 * The simulated patient's risk of death: not linear (U-shaped in heart rate, temperature and sodium; thresholds; interactions), and with a
 * small group, marrow failure, whose risk follows other columns than everyone else's. The intercept makes 8% of deaths expected.
 */
import type { Stream } from '../random.js';
import { drawsOf, type Special } from './draws.js';
import { ADMISSIONS, CANCER, DIAGNOSES, drawPatient, type Patient } from './patient.js';

export const DEATH_SHARE = 0.08;

const ELECTIVE = ADMISSIONS.indexOf('elective');
const METASTATIC = CANCER.indexOf('metastatic');
const SEPSIS = DIAGNOSES.findIndex(({ name }) => name === 'sepsis');

const above = (value: number, threshold: number): number => Math.max(0, value - threshold);
const bowl = (value: number, best: number, width: number, most: number): number => {
  const off = (value - best) / width;
  return Math.min(most, off * off);
};

/** Log odds of death without the intercept. */
export function logOdds(patient: Patient, { log }: Special): number {
  return patient.background.marrowFailure ? marrowOdds(patient) : commonOdds(patient, log);
}

function commonOdds(p: Patient, log: (x: number) => number): number {
  const { severity, age, diagnosis, comorbidities, cancer, admission } = p.background;
  const coma = 15 - p.gcs;
  const failingKidney = p.urine < 500 && p.creatinine > 2;
  return (
    0.3 * severity +
    0.045 * above(age, 50) +
    0.19 * coma +
    (p.gcs <= 8 ? 0.5 : 0) +
    0.006 * coma * above(age, 65) +
    0.35 * bowl(p.heartRate, 80, 22, 6) +
    0.45 * bowl(p.temperature, 37.1, 0.9, 6) +
    0.4 * bowl(p.sodium, 139, 6.5, 5) +
    0.07 * above(65, p.meanBp) +
    0.9 * above(log(p.lactate), 0.4) +
    (diagnosis === SEPSIS && p.lactate > 3 ? 0.7 : 0) +
    0.7 * above(2.3, p.pfRatio / 100) +
    (p.urine < 500 ? 0.5 : 0) +
    (failingKidney ? 0.6 : 0) +
    0.5 * above(log(p.bilirubin), 0.3) +
    (p.platelets < 90 ? 0.5 : 0) +
    0.5 * above(3, p.albumin) +
    0.12 * comorbidities +
    (cancer === METASTATIC ? 0.7 : 0) -
    (admission === ELECTIVE ? 0.9 : 0)
  );
}

/** Infection and bleeding decide here; lactate, coma and age, which decide elsewhere, do not. */
const marrowOdds = (p: Patient): number =>
  4.4 +
  1.4 * above(p.temperature, 37.6) +
  1.2 * above(0.8, p.whiteCells) +
  0.05 * above(35, p.platelets) +
  0.25 * above(8.5, p.haemoglobin);

/** Patients over whom the expectation is taken; the mean risk is then known to about 0.0007. */
const REFERENCE_PATIENTS = 32768;

/** The intercept at which DEATH_SHARE of patients are expected to die, whatever the number that is simulated afterwards. */
export function interceptOf(stream: Stream, special: Special): number {
  const draws = drawsOf(stream, special);
  const odds = Float64Array.from({ length: REFERENCE_PATIENTS }, () => logOdds(drawPatient(draws, special), special));
  const expected = (intercept: number): number => odds.reduce((sum, value) => sum + special.sigmoid(intercept + value), 0) / odds.length;
  let [low, high] = [-20, 10];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (expected(middle) < DEATH_SHARE) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
