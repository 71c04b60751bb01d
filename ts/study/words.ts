/** Names and numbers as the terminal, the verdicts and the report print them. */
import type { Statistic } from './summary.js';

/** Methods in the order of tables and pictures, with their plain titles; others follow by their own name. */
const METHOD_TITLES: ReadonlyMap<string, string> = new Map([
  ['none', 'Nothing added'],
  ['weight', 'Class weights'],
  ['tuned', 'Tuned models'],
  ['random', 'Random copies'],
  ['smote', 'SMOTE'],
  ['borderline', 'Borderline SMOTE'],
  ['adasyn', 'ADASYN'],
  ['rose', 'ROSE'],
  ['copula', 'Gaussian copula'],
  ['ctgan', 'CTGAN'],
  ['tvae', 'TVAE'],
  ['tabddpm', 'TabDDPM'],
  ['tabddpm-joint', 'TabDDPM, both classes'],
  ['tabddpm-partial', 'TabDDPM, partly noised'],
  ['forestflow', 'ForestFlow'],
  ['rose-blend', 'ROSE blend'],
  ['tabddpm-blend', 'TabDDPM blend'],
]);
const CLASSIFIER_TITLES: ReadonlyMap<string, string> = new Map([
  ['rf', 'Random forest'],
  ['xgb', 'Boosting'],
]);

/** Titles that are plain words and not names. */
const PLAIN: ReadonlySet<string> = new Set(['none', 'weight', 'tuned', 'random']);

/** What a reader calls a method. */
export const methodTitle = (method: string): string => METHOD_TITLES.get(method) ?? method;
/** What a reader calls a method, in the middle of a sentence. */
export const methodName = (method: string): string => (PLAIN.has(method) ? methodTitle(method).toLowerCase() : methodTitle(method));
/** What a reader calls a classifier, in the middle of a sentence. */
export const classifierName = (classifier: string): string =>
  CLASSIFIER_TITLES.has(classifier) ? classifierTitle(classifier).toLowerCase() : classifier;
export const classifierTitle = (classifier: string): string => CLASSIFIER_TITLES.get(classifier) ?? classifier;

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Every name of `listed` and `met` once: known methods first, then the listed ones as listed, then the rest by their letters. */
export function methodOrder(listed: readonly string[], met: readonly string[]): string[] {
  const names = new Set([...listed, ...[...met].sort(byCodeUnits)]);
  const known = [...METHOD_TITLES.keys()].filter((name) => names.has(name));
  return [...known, ...[...names].filter((name) => !METHOD_TITLES.has(name))];
}

/** The listed names as listed, then those met beyond them by their letters. */
export const listedOrder = (listed: readonly string[], met: readonly string[]): string[] => [
  ...new Set([...listed, ...[...met].sort(byCodeUnits)]),
];

/** Minority : majority after augmentation, e.g. 0.25 as "1 : 4". */
export function ratioText(ratio: number): string {
  if (!(ratio > 0)) return '–';
  const inverse = 1 / ratio;
  const whole = Math.round(inverse);
  if (Math.abs(inverse - whole) < 1e-9 * inverse) return `1 : ${whole}`;
  return ratio >= 1 ? `${trimmed(ratio)} : 1` : `1 : ${trimmed(inverse)}`;
}

const trimmed = (value: number): string => value.toFixed(2).replace(/\.?0+$/, '');

/** A number with `digits` decimals, a true minus sign and no negative zero; "–" where there is none. */
export function fixed(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** A whole number with commas between thousands. */
export const grouped = (count: number | null | undefined): string => fixed(count, 0).replace(/\B(?=(\d{3})+$)/g, ',');

/** With a plus sign when it rounds to more than zero. */
export function signed(value: number | null | undefined, digits = 3): string {
  const text = fixed(value, digits);
  return text === '–' || text.startsWith('−') || !/[1-9]/.test(text) ? text : `+${text}`;
}

/** Mean ± standard deviation over splits; the mean alone where one split has a value. */
export function plusMinus(statistic: Statistic | null | undefined, digits = 3): string {
  if (!statistic) return '–';
  const mean = fixed(statistic.mean, digits);
  return statistic.sd === null ? mean : `${mean} ± ${fixed(statistic.sd, digits)}`;
}

/** A p-value: two decimals from 0.1 on, three below, and never zero. */
export function pText(p: number | null): string {
  if (p === null || !Number.isFinite(p)) return '–';
  if (p < 0.001) return '< 0.001';
  return p.toFixed(p < 0.0995 ? 3 : 2);
}

/** "p = 0.02", "p < 0.001", or that there is none. */
export function pPhrase(p: number | null): string {
  if (p === null) return 'no p-value';
  const text = pText(p);
  return text.startsWith('<') ? `p ${text}` : `p = ${text}`;
}

export const counted = (count: number, noun: string, plural = `${noun}s`): string => `${count} ${count === 1 ? noun : plural}`;

/** "a", "a and b", "a, b and c". */
export function enumerated(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}
