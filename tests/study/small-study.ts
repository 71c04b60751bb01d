/** A small study of one data set, a, and lines of it with the fields that a test is about. */
import { Stream } from '../../ts/random.js';
import type { Manifest } from '../../ts/study/manifest.js';
import type { ResultLine } from '../../ts/study/result.js';
import type { Summary } from '../../ts/study/summary.js';
import { facts, lineOf, manifestOf } from './lines.js';

const stream = Stream.fromSeed(3);

export const small = (more: Partial<Manifest> = {}): Manifest =>
  manifestOf({ datasets: [facts('a')], methods: ['none', 'weight', 'smote'], classifiers: ['rf'], splits: 3, ratios: [1], ...more });

/** A line of data set a with the given fields; everything else from the generator. */
export const line = (method: string, split: number, more: Partial<ResultLine> = {}): ResultLine => ({
  ...lineOf(stream, { dataset: 'a', split, method, ratio: 1, classifier: 'rf' }),
  ...more,
});

/** One line a split with these values of one field. */
export const column = (method: string, field: keyof ResultLine, values: readonly (number | null)[], more: Partial<ResultLine> = {}) =>
  values.map((value, split) => line(method, split, { ...more, [field]: value }));

export const utility = (summary: Summary, method: string, ratio = 1) =>
  summary.utility.find((entry) => entry.method === method && entry.ratio === ratio);
