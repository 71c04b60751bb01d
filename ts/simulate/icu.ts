/**
 * A simulated ICU cohort: first-day values and whether the stay ended in death (8%), for trying methods at a size that no open table has.
 * No row is a patient, and nothing was learnt from patients' data. Laboratory values are measured more often in the sick, so that what is
 * missing tells something.
 *
 * A row depends on the stream and its own number alone: more rows are the same rows and further ones.
 */
import { InputError } from '../errors.js';
import type { Stream } from '../random.js';
import type { Schema } from '../table/schema.js';
import type { Column, Table } from '../table/table.js';
import { type Draws, drawsOf, type Special } from './draws.js';
import { ADMISSIONS, CANCER, DIAGNOSES, drawPatient, ETHNICITIES, type Patient, SEXES } from './patient.js';
import { interceptOf, logOdds } from './risk.js';

export const ICU_TITLE = 'Simulated ICU cohort (simulated, not patients)';
export const ICU_TARGET = 'died';
export const MOST_ROWS = 1_000_000;

/** What was measured together: one decision, one gap. */
const PANELS = ['bedside', 'coma', 'urine', 'chemistry', 'count', 'gas', 'lactate', 'liver'] as const;
type Panel = (typeof PANELS)[number];

/** Log odds of being measured: at average impression, and a point of the clinicians' impression more. */
const MEASURED: Readonly<Record<Panel, readonly [number, number]>> = {
  bedside: [5, 0.3],
  coma: [4, 0.3],
  urine: [0.9, 0.7],
  chemistry: [3.2, 0.9],
  count: [2.8, 0.8],
  gas: [-0.4, 1],
  lactate: [-0.3, 1.2],
  liver: [0.1, 0.7],
};
const ETHNICITY_KNOWN = 0.96;

interface NumberValue {
  readonly name: string;
  readonly decimals: number;
  readonly panel: Panel | null;
  of(patient: Patient): number;
}

const value = (name: string, decimals: number, panel: Panel | null, of: (patient: Patient) => number): NumberValue => ({
  name,
  decimals,
  panel,
  of,
});

const NUMBERS: readonly NumberValue[] = [
  value('age', 0, null, (p) => Math.floor(p.background.age)),
  value('comorbidities', 0, null, (p) => p.background.comorbidities),
  value('gcs', 0, 'coma', (p) => p.gcs),
  value('heart_rate', 0, 'bedside', (p) => p.heartRate),
  value('mean_bp', 0, 'bedside', (p) => p.meanBp),
  value('resp_rate', 0, 'bedside', (p) => p.respRate),
  value('temperature', 1, 'bedside', (p) => p.temperature),
  value('spo2', 0, 'bedside', (p) => p.spo2),
  value('urine_output', 0, 'urine', (p) => 5 * Math.round(p.urine / 5)),
  value('pf_ratio', 0, 'gas', (p) => p.pfRatio),
  value('ph', 2, 'gas', (p) => p.ph),
  value('lactate', 1, 'lactate', (p) => p.lactate),
  value('sodium', 0, 'chemistry', (p) => p.sodium),
  value('creatinine', 1, 'chemistry', (p) => p.creatinine),
  value('urea', 0, 'chemistry', (p) => p.urea),
  value('glucose', 0, 'chemistry', (p) => p.glucose),
  value('albumin', 1, 'liver', (p) => p.albumin),
  value('bilirubin', 1, 'liver', (p) => p.bilirubin),
  value('white_cells', 1, 'count', (p) => p.whiteCells),
  value('platelets', 0, 'count', (p) => p.platelets),
  value('haemoglobin', 1, 'count', (p) => p.haemoglobin),
];

interface LevelValue {
  readonly name: string;
  readonly kind: 'binary' | 'categorical' | 'ordinal';
  readonly levels: readonly string[];
  of(patient: Patient): number;
}

const YES_NO = ['0', '1'];
const ETHNICITY = 'ethnicity';
const LEVELS: readonly LevelValue[] = [
  { name: 'sex', kind: 'binary', levels: SEXES, of: (p) => p.background.sex },
  { name: ETHNICITY, kind: 'categorical', levels: ETHNICITIES, of: (p) => p.background.ethnicity },
  { name: 'admission_type', kind: 'categorical', levels: ADMISSIONS, of: (p) => p.background.admission },
  { name: 'diagnosis', kind: 'categorical', levels: DIAGNOSES.map(({ name }) => name), of: (p) => p.background.diagnosis },
  { name: 'cancer', kind: 'ordinal', levels: CANCER, of: (p) => p.background.cancer },
  { name: 'diabetes', kind: 'binary', levels: YES_NO, of: (p) => Number(p.background.diabetes) },
  { name: 'ventilated', kind: 'binary', levels: YES_NO, of: (p) => Number(p.ventilated) },
  { name: 'vasopressor', kind: 'binary', levels: YES_NO, of: (p) => Number(p.vasopressor) },
];

/** What reading the simulated cohort from a file takes: kinds and levels of its columns, target, and that it is simulated. */
export const ICU_SCHEMA: Schema & { readonly target: string; readonly positive: string } = {
  columns: Object.fromEntries<NonNullable<Schema['columns']>[string]>([
    ...NUMBERS.map(({ name, decimals }) => [name, { kind: decimals === 0 ? 'integer' : 'numeric' }] as const),
    ...LEVELS.map(({ name, kind, levels }) => [name, kind === 'ordinal' ? { kind, levels } : { kind }] as const),
    [ICU_TARGET, { kind: 'binary' }],
  ]),
  target: ICU_TARGET,
  positive: '1',
  simulated: true,
};

/**
 * `rows` simulated stays in intensive care as a table with the target `died` (0 or 1) in its last column. No row is a patient,
 * and nothing was learnt from patients' data. A row depends on the stream and its own number alone: more rows are the same and further ones.
 *
 * @throws {InputError} for a number of rows that is not within 1 and 1,000,000.
 */
export function simulateIcu(rows: number, stream: Stream, special: Special): Table {
  if (!Number.isInteger(rows) || rows < 1 || rows > MOST_ROWS) {
    throw new InputError(`"rows" expected a whole number in 1..${MOST_ROWS}, got ${rows}`);
  }
  const intercept = interceptOf(stream.child('reference'), special);
  const draws = drawsOf(stream.child('patients'), special);
  const numbers = NUMBERS.map(() => new Float64Array(rows));
  const codes = LEVELS.map(() => new Int32Array(rows));
  const died = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const patient = drawPatient(draws, special);
    const measured = drawPanels(patient, draws, special);
    NUMBERS.forEach(({ of, decimals, panel }, c) => {
      (numbers[c] as Float64Array)[row] = panel === null || measured[panel] ? rounded(of(patient), decimals) : Number.NaN;
    });
    const known = draws.chance('ethnicity known', ETHNICITY_KNOWN);
    LEVELS.forEach(({ name, of }, c) => {
      (codes[c] as Int32Array)[row] = name === ETHNICITY && !known ? -1 : of(patient);
    });
    died[row] = Number(draws.chance('died', special.sigmoid(intercept + logOdds(patient, special))));
  }
  return { rows, columns: [...columnsOf(numbers, codes), { name: ICU_TARGET, kind: 'binary', levels: YES_NO, codes: died }] };
}

function columnsOf(numbers: readonly Float64Array[], codes: readonly Int32Array[]): Column[] {
  return [
    ...NUMBERS.map(({ name, decimals }, c): Column => {
      const kind = decimals === 0 ? 'integer' : 'numeric';
      return { name, kind, values: numbers[c] as Float64Array, decimals };
    }),
    ...LEVELS.map(({ name, kind, levels }, c): Column => ({ name, kind, levels, codes: codes[c] as Int32Array })),
  ];
}

/** What is measured goes by how ill the patient seems, not by the outcome; blood gases above all of the ventilated. */
function drawPanels(patient: Patient, draws: Draws, special: Special): Record<Panel, boolean> {
  const { background, organs, ventilated } = patient;
  const impression = 0.6 * background.severity + 0.3 * organs.circulation + 0.3 * organs.lung;
  const extra: Partial<Record<Panel, number>> = {
    gas: ventilated ? 2.5 : 0,
    urine: ventilated ? 1 : 0,
    count: background.marrowFailure ? 2 : 0,
  };
  const decide = (panel: Panel): boolean => {
    const [average, slope] = MEASURED[panel];
    return draws.chance(`measured ${panel}`, special.sigmoid(average + slope * impression + (extra[panel] ?? 0)));
  };
  return Object.fromEntries(PANELS.map((panel) => [panel, decide(panel)])) as Record<Panel, boolean>;
}

const POWERS = [1, 10, 100] as const;

function rounded(x: number, decimals: number): number {
  const power = POWERS[decimals] as number;
  return Math.round(x * power) / power;
}
