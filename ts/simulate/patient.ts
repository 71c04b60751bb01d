/**
 * A simulated ICU patient on the first day: what is latent (severity, burden of chronic disease, how badly each organ does), and the
 * physiology that follows from it. Latent numbers have a standard deviation of about 1, higher is worse. The size of every effect is
 * chosen for plausibility, not estimated from anyone's data.
 */
import { clamp, type Draws, type Special } from './draws.js';

export const SEXES = ['female', 'male'] as const;
export const ETHNICITIES = ['asian', 'black', 'hispanic', 'other', 'white'] as const;
export const ADMISSIONS = ['elective', 'emergency', 'urgent'] as const;
export const CANCER = ['none', 'localised', 'metastatic'] as const;

type Organ = 'circulation' | 'lung' | 'kidney' | 'liver' | 'brain' | 'inflammation';

interface Diagnosis {
  readonly name: string;
  /** Share among patients of average severity, of elective and of other admissions. */
  readonly elective: number;
  readonly other: number;
  /** Log of the factor by which a point of severity makes it more frequent. */
  readonly severity: number;
  /** How much worse than average the organs do. */
  readonly organs: Readonly<Partial<Record<Organ, number>>>;
}

export const DIAGNOSES: readonly Diagnosis[] = [
  { name: 'cardiac', elective: 0.3, other: 0.24, severity: 0, organs: { circulation: 0.5, lung: 0.1, inflammation: -0.4 } },
  { name: 'gastrointestinal', elective: 0.1, other: 0.12, severity: 0.1, organs: { liver: 1, kidney: 0.1 } },
  { name: 'neurological', elective: 0.1, other: 0.14, severity: 0, organs: { brain: 1.2, lung: -0.3, inflammation: -0.4 } },
  { name: 'renal_metabolic', elective: 0.02, other: 0.09, severity: 0, organs: { kidney: 1.3, lung: -0.3 } },
  { name: 'respiratory', elective: 0.04, other: 0.17, severity: 0.1, organs: { lung: 1, inflammation: 0.3 } },
  { name: 'sepsis', elective: 0.01, other: 0.13, severity: 0.5, organs: { circulation: 0.6, kidney: 0.3, inflammation: 1.2 } },
  { name: 'surgical', elective: 0.42, other: 0.06, severity: -0.2, organs: { brain: -0.3, liver: -0.1 } },
  { name: 'trauma', elective: 0.01, other: 0.05, severity: 0, organs: { circulation: 0.3, brain: 0.4 } },
];

export interface Background {
  readonly severity: number;
  /** Of chronic disease. */
  readonly burden: number;
  readonly age: number; // years
  readonly sex: number; // indices into the lists above
  readonly ethnicity: number;
  readonly admission: number;
  readonly diagnosis: number;
  readonly cancer: number;
  readonly diabetes: boolean;
  readonly comorbidities: number;
  /** Few blood cells after treatment of a cancer: a small group that looks less ill than it is. */
  readonly marrowFailure: boolean;
}

export interface Patient {
  readonly background: Background;
  readonly organs: Readonly<Record<Organ, number>>;
  readonly ventilated: boolean;
  readonly vasopressor: boolean;
  readonly gcs: number;
  readonly heartRate: number; // /min
  readonly meanBp: number; // mmHg
  readonly respRate: number; // /min
  readonly temperature: number; // °C
  readonly spo2: number; // %
  readonly pfRatio: number; // mmHg
  readonly urine: number; // mL/24 h
  readonly creatinine: number; // mg/dL
  readonly urea: number; // mg/dL, as nitrogen
  readonly sodium: number; // mmol/L
  readonly glucose: number; // mg/dL
  readonly lactate: number; // mmol/L
  readonly ph: number;
  readonly albumin: number; // g/dL
  readonly bilirubin: number; // mg/dL
  readonly whiteCells: number; // 10³/µL
  readonly platelets: number; // 10³/µL
  readonly haemoglobin: number; // g/dL
}

const indexOf = (names: readonly string[], name: string): number => names.indexOf(name);
const [BLACK, HISPANIC] = [indexOf(ETHNICITIES, 'black'), indexOf(ETHNICITIES, 'hispanic')];
const ELECTIVE = indexOf(ADMISSIONS, 'elective');
const [MALE, EMERGENCY, URGENT] = [indexOf(SEXES, 'male'), indexOf(ADMISSIONS, 'emergency'), indexOf(ADMISSIONS, 'urgent')];
const DIAGNOSIS_NAMES = DIAGNOSES.map(({ name }) => name);
const CARDIAC = indexOf(DIAGNOSIS_NAMES, 'cardiac');

function drawBackground(draws: Draws, { exp, sigmoid }: Special): Background {
  const severity = draws.normal('severity');
  const ethnicity = draws.pick('ethnicity', [0.04, 0.13, 0.08, 0.06, 0.69]);
  const younger = ethnicity === BLACK || ethnicity === HISPANIC ? 0.3 : 0;
  const z = draws.normal('age') - younger;
  const age = clamp(65 + 15 * z - 2.5 * (z * z - 1), 18, 97); // more young than very old ones about the middle
  const burden = 0.5 * ((age - 65) / 15) + 0.85 * draws.normal('burden');
  const elective = draws.chance('elective', sigmoid(-1.2 - 0.7 * severity));
  const admission = elective ? ELECTIVE : draws.chance('urgent', 0.2) ? URGENT : EMERGENCY;
  const weights = DIAGNOSES.map((diagnosis) => (elective ? diagnosis.elective : diagnosis.other) * exp(diagnosis.severity * severity));
  const metastatic = sigmoid(-3.2 + 0.3 * burden);
  const cancer = draws.pick('cancer', [1 - metastatic - 0.09, 0.09, metastatic]);
  return {
    severity,
    burden,
    age,
    sex: draws.chance('male', 0.56) ? MALE : 1 - MALE,
    ethnicity,
    admission,
    diagnosis: draws.pick('diagnosis', weights),
    cancer,
    diabetes: draws.chance('diabetes', sigmoid(-1.2 + 0.5 * burden + younger)),
    comorbidities: Math.round(clamp(exp(0.45 + 0.5 * burden + 0.25 * draws.normal('comorbidities')) - 0.5, 0, 9)),
    marrowFailure: draws.chance('marrow', cancer > 0 ? 0.2 : 0),
  };
}

export function drawPatient(draws: Draws, special: Special): Patient {
  const { exp } = special;
  const background = drawBackground(draws, special);
  const { severity, burden, age, diagnosis, admission, marrowFailure, diabetes } = background;
  const own = (DIAGNOSES[diagnosis] as Diagnosis).organs;
  const organ = (name: Organ, chronic: number): number =>
    0.6 * severity + chronic * burden + 0.7 * draws.normal(name) + (own[name] ?? 0) - (marrowFailure ? 0.5 : 0);
  const organs = {
    circulation: organ('circulation', 0.1),
    lung: organ('lung', 0.1),
    kidney: organ('kidney', 0.3),
    liver: organ('liver', 0.1),
    brain: organ('brain', 0.05),
    inflammation: organ('inflammation', 0),
  };
  const { circulation, lung, kidney, liver, brain, inflammation } = organs;
  const noise = (name: string, spread: number): number => spread * draws.normal(name);
  const ventilated =
    0.9 * lung + 0.8 * Math.max(0, brain) + noise('ventilated', 0.5) > 1.3 ||
    draws.chance('after surgery', admission === ELECTIVE ? 0.2 : 0);
  const vasopressor = circulation + noise('vasopressor', 0.5) > 1.3;
  const slow = brain > 1.8 && draws.chance('slow heart', 0.4);
  const cold = circulation > 1.3 && draws.chance('cold', 0.35);
  const lactate = clamp(1.5 * exp(0.4 * circulation + 0.12 * liver + noise('lactate', 0.3)), 0.3, 25);
  const breaths = 19 + 4 * lung + 1.5 * inflammation + noise('breaths', 3.5);
  const cells = marrowFailure ? 0.07 : 1;
  return {
    background,
    organs,
    ventilated,
    vasopressor,
    gcs: 15 - Math.round(clamp(4 * (brain - 0.5) + noise('gcs', 0.8), 0, 12)),
    heartRate: clamp(
      86 + 9 * circulation + 6 * inflammation - (diagnosis === CARDIAC ? 8 : 0) - (slow ? 30 : 0) + noise('heart', 9),
      25,
      210,
    ),
    meanBp: clamp(81 - 8.5 * circulation + 4 * ((age - 65) / 15) + (vasopressor ? 5 : 0) + noise('pressure', 8), 25, 160),
    respRate: clamp(ventilated ? 16 + 0.4 * (breaths - 16) : breaths, 6, 60),
    temperature: clamp(37 + 0.5 * inflammation - (cold ? 1.9 : 0) + noise('temperature', 0.35), 31, 41.8),
    spo2: clamp(97 - 2.3 * Math.max(0, lung) + (ventilated ? 1 : 0) + noise('saturation', 1.5), 60, 100),
    pfRatio: clamp(310 * exp(-0.32 * lung + noise('oxygen', 0.18)), 40, 700),
    urine: clamp(1750 * exp(-0.45 * kidney - 0.15 * circulation + noise('urine', 0.35)), 0, 9000),
    creatinine: clamp(exp(0.5 * kidney - 0.05 + (background.sex === MALE ? 0.15 : 0) + noise('creatinine', 0.12)), 0.2, 20),
    urea: clamp(19 * exp(0.45 * kidney + 0.12 * ((age - 65) / 15) + noise('urea', 0.28)), 3, 200),
    sodium: clamp(138.5 + saltNoise(draws) + 0.6 * kidney - 0.9 * liver, 108, 178),
    glucose: clamp(128 * exp(0.1 * severity + (diabetes ? 0.28 : 0) + noise('glucose', 0.23)), 25, 900),
    lactate,
    ph: clamp(7.385 - 0.012 * (lactate - 1.5) - 0.014 * lung - 0.012 * kidney + noise('ph', 0.045), 6.8, 7.7),
    albumin: clamp(3.35 - 0.27 * inflammation - 0.17 * burden - 0.15 * liver + noise('albumin', 0.42), 0.9, 5.4),
    bilirubin: clamp(0.75 * exp(0.55 * liver + 0.1 * inflammation + noise('bilirubin', 0.45)), 0.1, 50),
    whiteCells: clamp(11 * cells * exp(0.25 * inflammation + noise('white cells', 0.35)), 0.1, 120),
    platelets: clamp(215 * (marrowFailure ? 0.2 : 1) * exp(-0.15 * liver - 0.1 * circulation + noise('platelets', 0.35)), 3, 1200),
    haemoglobin: clamp(
      11.3 - 0.5 * burden + (background.sex === MALE ? 0.5 : 0) - (marrowFailure ? 2.2 : 0) + noise('haemoglobin', 1.6),
      3.5,
      19,
    ),
  };
}

/** Of sodium: mostly normal, now and then far off in either direction. */
function saltNoise(draws: Draws): number {
  const z = draws.normal('sodium');
  return 3.4 * z + 0.35 * z * z * z;
}
