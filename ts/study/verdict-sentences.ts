/**
 * What stands below a verdict: ranking, F1 and what is free, the synthetic rows themselves, predicted risks, failures. Each text
 * says its conclusion in its first sentence and its numbers after it.
 */
import type { Evidence } from './evidence.js';
import { COPIES, comparisonOf, FAR, FEWEST_SPLITS, isShown, isSynthetic, NEAR, NEARER } from './evidence.js';
import { hasRatio } from './groups.js';
import type { Comparison, Statistic, UtilityField, UtilitySummary } from './summary.js';
import { classifierName, counted, enumerated, fixed, methodName, plusMinus, pPhrase, ratioText, signed } from './words.js';

export const runName = ({ method, ratio }: Pick<UtilitySummary, 'method' | 'ratio'>): string =>
  hasRatio(method) ? `${methodName(method)} at ${ratioText(ratio)}` : methodName(method);

/** The classifiers with a result for nothing added, and that result. */
function plainRuns({ utility }: Evidence): UtilitySummary[] {
  const plain = utility.filter(({ method, splits }) => method === 'none' && splits > 0);
  return plain.filter((entry, i) => plain.findIndex(({ classifier }) => classifier === entry.classifier) === i);
}

/** Of the methods with synthetic rows the one with the highest mean. */
function highest(evidence: Evidence, classifier: string, field: UtilityField): UtilitySummary | undefined {
  const candidates = evidence.utility.filter(
    (entry) => entry.classifier === classifier && entry.values[field] !== null && isSynthetic(evidence, entry),
  );
  const mean = (entry: UtilitySummary) => (entry.values[field] as Statistic).mean;
  return candidates.reduce<UtilitySummary | undefined>((best, entry) => (best && mean(best) >= mean(entry) ? best : entry), undefined);
}

/** "difference −0.018, better in 4 of 10 splits, p = 0.62"; with few splits no p-value. */
function outcome(comparison: Comparison | undefined): string {
  if (!comparison) return 'no split in common';
  const { difference, better, n, p } = comparison;
  const change = `difference ${signed(difference)}, better in ${better} of ${counted(n, 'split')}`;
  return n < FEWEST_SPLITS ? change : `${change}, ${pPhrase(p)}`;
}

export function rankingSentences(evidence: Evidence): string[] {
  return plainRuns(evidence).flatMap((plain) => {
    const best = highest(evidence, plain.classifier, 'ap');
    const comparison = best && comparisonOf(evidence, best, 'ap', 'none');
    if (!best || !comparison) return [];
    const free = remedies(evidence, plain.classifier, best, 'ap').filter(({ name }) => name !== CUT_OFF); // no cut-off changes a ranking
    const own = `${plusMinus(best.values.ap)} with ${runName(best)}, the best by its mean (${outcome(comparison)})`;
    const numbers = enumerated([`${plusMinus(plain.values.ap)} with nothing added`, own, ...free.map(described)]);
    const conclusion = rankingConclusion(comparison, best, free);
    return [`Ranking by ${classifierName(plain.classifier)}: ${conclusion}. Average precision is ${numbers}.`];
  });
}

function rankingConclusion(comparison: Comparison, best: UtilitySummary, free: readonly Remedy[]): string {
  if (comparison.n < FEWEST_SPLITS) return 'too few splits to tell';
  if (comparison.difference <= 0) return 'no synthetic rows improved it';
  if (!isShown(comparison)) return 'no gain shown';
  return `a gain, before adjustment for the number of comparisons${asWell(best.values.ap as Statistic, free)}`;
}

export function f1Sentences(evidence: Evidence): string[] {
  const plain = plainRuns(evidence);
  const sentences = F1_FIELDS.flatMap(([field, outcomeName]) => plain.flatMap((entry) => f1Sentence(evidence, entry, field, outcomeName)));
  if (sentences.length > 0 && !evidence.tuned) {
    sentences.push(
      'A part of any gain in F1 at 0.5 is a threshold effect. Added rows raise predicted risks, and a lower cut-off on the plain model can do the same at no cost; no cut-off was tuned in this run.',
    );
  }
  return sentences;
}

const F1_FIELDS = [
  ['f1', 'F1 at cut-off 0.5'],
  ['f1_tuned', 'F1, each method at its own tuned cut-off'],
] as const;

function f1Sentence(evidence: Evidence, plain: UtilitySummary, field: 'f1' | 'f1_tuned', outcomeName: string): string[] {
  const best = highest(evidence, plain.classifier, field);
  const comparison = best && comparisonOf(evidence, best, field, 'none');
  if (!best || !comparison) return [];
  const free = remedies(evidence, plain.classifier, best, field);
  const own = `${fixed(best.values[field]?.mean)} with ${runName(best)} (${outcome(comparison)})`;
  const bare = field === 'f1' ? [`${fixed(plain.values.f1?.mean)} with nothing added`] : [];
  const numbers = enumerated([...bare, own, ...free.map(described)]);
  const conclusion = f1Conclusion(comparison, best.values[field] as Statistic, free);
  return [`${outcomeName}, ${classifierName(plain.classifier)}: ${conclusion}. It is ${numbers}.`];
}

function f1Conclusion(comparison: Comparison, best: Statistic, free: readonly Remedy[]): string {
  if (comparison.difference <= 0) return 'no synthetic rows raised it';
  const gain = isShown(comparison) ? 'a gain' : 'a gain by the mean';
  const undecided = free.filter((remedy) => !remedy.comparison || !isShown(remedy.comparison));
  const good = asWell(best, free);
  if (good) return `${gain}${good}`;
  if (comparison.n < FEWEST_SPLITS) return `${gain}, over too few splits to tell`;
  if (undecided.length > 0) return `${gain}, but a lead over ${remedyNames(undecided)} is not shown`;
  return free.length > 0 ? `${gain}, also over ${remedyNames(free)}` : gain;
}

/** What costs no synthetic row, beside the best run with such rows. */
interface Remedy {
  readonly name: string;
  readonly mean: number;
  readonly comparison: Comparison | undefined;
}

const CUT_OFF = 'a tuned cut-off';
/** Means that differ by less are as good as equal. */
const EQUAL = 0.005;

const remedyNames = (remedies: readonly Remedy[]): string => enumerated(remedies.map(({ name }) => name));
const described = ({ name, mean }: Remedy): string => `${fixed(mean)} with ${name}`;

/** ", but class weights and a tuned cut-off do as well at no cost"; nothing where none does. */
function asWell(best: Statistic, free: readonly Remedy[]): string {
  const good = free.filter(({ mean }) => mean >= best.mean - EQUAL);
  if (good.length === 0) return '';
  const verb = good.length === 1 && good[0]?.name === CUT_OFF ? 'does' : 'do';
  return `, but ${remedyNames(good)} ${verb} as well at no cost`;
}

/** Class weights, the plain model at a tuned cut-off, and the tuned models (at their own cut-off where it is F1 that counts). */
function remedies(evidence: Evidence, classifier: string, best: UtilitySummary, field: 'f1' | 'f1_tuned' | 'ap'): Remedy[] {
  const own = field === 'ap' ? 'ap' : 'f1_tuned';
  const wanted = [
    ['class weights', 'weight', field],
    [CUT_OFF, 'none', own],
    ['the tuned models', 'tuned', own],
  ] as const;
  return wanted.flatMap(([name, method, used]): Remedy[] => {
    const entries = evidence.utility.filter((entry) => entry.method === method && entry.classifier === classifier);
    const mean = (entries.find(({ ratio }) => ratio === best.ratio) ?? entries[0])?.values[used]?.mean;
    return mean === undefined ? [] : [{ name, mean, comparison: comparisonOf(evidence, best, field, method, used) }];
  });
}

/** One text for all methods of one conclusion, at their first ratio: the rows hardly depend on how many of them are drawn. */
export function rowSentences({ fidelity }: Evidence): string[] {
  const first = fidelity.filter((entry, i) => fidelity.findIndex(({ method }) => method === entry.method) === i);
  const byConclusion = new Map<string, { method: string; numbers: string }[]>();
  for (const { method, values } of first) {
    const { mmd2_u_excess: excess, nearest_ratio: nearest } = values;
    if (!excess && !nearest) continue;
    const conclusion = [excess && closeness(excess.mean), nearest && copying(nearest.mean)]
      .filter(isText)
      .join(excess && excess.mean <= NEAR && nearest && nearest.mean < NEARER ? ', but ' : ', ');
    const numbers = [excess && `excess MMD² ${signed(excess.mean, 4)}`, nearest && `nearest-record ratio ${fixed(nearest.mean, 2)}`];
    const entry = { method: methodName(method), numbers: numbers.filter(isText).join(', ') };
    byConclusion.set(conclusion, [...(byConclusion.get(conclusion) ?? []), entry]);
  }
  return [...byConclusion].map(([conclusion, entries]) => {
    const numbers = entries.map(({ method, numbers: own }) => (entries.length === 1 ? own : `${method}: ${own}`)).join('; ');
    return `Rows by ${enumerated(entries.map(({ method }) => method))}: ${conclusion}. ${numbers.charAt(0).toUpperCase()}${numbers.slice(1)}.`;
  });
}

const isText = (part: string | null): part is string => part !== null;

function closeness(excess: number): string {
  if (excess <= NEAR) return 'near the floor';
  return excess <= FAR ? 'somewhat off unseen patients' : 'far from unseen patients';
}

function copying(ratio: number): string {
  if (ratio < COPIES) return 'copied from training patients or nearly so, and no more private than those';
  return ratio < NEARER ? 'much nearer to training patients than unseen patients are, which points to copying' : 'no sign of copying';
}

export function calibrationSentences(evidence: Evidence): string[] {
  return plainRuns(evidence).flatMap((plain) => {
    const worst = highest(evidence, plain.classifier, 'brier');
    const comparison = worst && comparisonOf(evidence, worst, 'brier', 'none');
    if (!worst || !comparison) return [];
    const start = `Predicted risks of ${classifierName(plain.classifier)}:`;
    const before = fixed(plain.values.brier?.mean);
    if (comparison.difference <= 0) return [`${start} no synthetic rows made them worse. Brier score ${before} with nothing added.`];
    const verb = isShown(comparison) ? 'clearly worse' : 'worse by the mean';
    const caution = comparison.n < FEWEST_SPLITS ? ', over too few splits to tell' : '';
    const prior = worst.values.brier_prior ? `; prior correction brings it to ${fixed(worst.values.brier_prior.mean)}` : '';
    return [
      `${start} ${verb} with ${runName(worst)}${caution}. Brier score ${before} with nothing added, ${fixed(worst.values.brier?.mean)} with it (${outcome(comparison)})${prior}.`,
    ];
  });
}

export function failureSentences({ utility }: Evidence): string[] {
  const failed = utility.reduce((sum, entry) => sum + entry.failed, 0);
  const all = failed + utility.reduce((sum, entry) => sum + entry.splits, 0);
  if (failed === 0) return [];
  return [
    `${failed} of ${counted(all, 'result')} ${failed === 1 ? 'is' : 'are'} missing because the cell failed. Means are over the others.`,
  ];
}
