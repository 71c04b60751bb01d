/**
 * What stands below a verdict: ranking, F1 and what is free, the synthetic rows themselves, predicted risks, failures. Each text
 * says its conclusion in its first sentence and its numbers after it.
 */
import type { Evidence } from './evidence.js';
import { COPIES, comparisonOf, FAR, FEWEST_SPLITS, isShown, isSynthetic, NEAR, NEARER } from './evidence.js';
import type { Comparison, Statistic, UtilityField, UtilitySummary } from './summary.js';
import { classifierName, counted, enumerated, fixed, methodName, plusMinus, pPhrase, ratioText, signed } from './words.js';

const runName = ({ method, ratio }: Pick<UtilitySummary, 'method' | 'ratio'>): string => `${methodName(method)} at ${ratioText(ratio)}`;

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
    const numbers = `Average precision ${plusMinus(plain.values.ap)} with nothing added, ${plusMinus(best.values.ap)} with ${runName(best)}, the best by its mean (${outcome(comparison)})`;
    return [`Ranking by ${classifierName(plain.classifier)}: ${rankingConclusion(comparison)}. ${numbers}.`];
  });
}

function rankingConclusion(comparison: Comparison): string {
  if (comparison.n < FEWEST_SPLITS) return 'too few splits to tell';
  if (comparison.difference <= 0) return 'no synthetic rows improved it';
  return isShown(comparison) ? 'a gain, before adjustment for the number of comparisons' : 'no gain shown';
}

export function f1Sentences(evidence: Evidence): string[] {
  const sentences = plainRuns(evidence).flatMap((plain) => {
    const best = highest(evidence, plain.classifier, 'f1');
    const comparison = best && comparisonOf(evidence, best, 'f1', 'none');
    return best && comparison ? [f1Sentence(evidence, plain, best, comparison)] : [];
  });
  if (sentences.length > 0 && !evidence.tuned) {
    sentences.push(
      'A part of any gain in F1 at 0.5 is a threshold effect. Added rows raise predicted risks, and a lower cut-off on the plain model can do the same at no cost; no cut-off was tuned in this run.',
    );
  }
  return sentences;
}

function f1Sentence(evidence: Evidence, plain: UtilitySummary, best: UtilitySummary, comparison: Comparison): string {
  const free = freeOptions(evidence, plain, best);
  const others = free.map(({ name, mean }) => `${fixed(mean)} with ${name}`);
  const own = `${fixed(best.values.f1?.mean)} with ${runName(best)} (${outcome(comparison)})`;
  const numbers = enumerated([`${fixed(plain.values.f1?.mean)} with nothing added`, own, ...others]);
  return `F1 at cut-off 0.5, ${classifierName(plain.classifier)}: ${f1Conclusion(comparison, best, free)}. It is ${numbers}.`;
}

function f1Conclusion(comparison: Comparison, best: UtilitySummary, free: readonly FreeOption[]): string {
  if (comparison.difference <= 0) return 'no synthetic rows raised it';
  const names = (options: readonly FreeOption[]) => enumerated(options.map(({ name }) => name));
  const gain = isShown(comparison) ? 'a gain' : 'a gain by the mean';
  const asGood = free.filter(({ mean }) => mean >= (best.values.f1 as Statistic).mean - 0.005);
  const undecided = free.filter((option) => !option.comparison || !isShown(option.comparison));
  const verb = asGood.length === 1 && asGood[0]?.name.startsWith('a ') ? 'does' : 'do';
  if (asGood.length > 0) return `${gain}, but ${names(asGood)} ${verb} as well at no cost`;
  if (comparison.n < FEWEST_SPLITS) return `${gain}, over too few splits to tell`;
  if (undecided.length > 0) return `${gain}, but a lead over ${names(undecided)} is not shown`;
  return free.length > 0 ? `${gain}, also over ${names(free)}` : gain;
}

interface FreeOption {
  readonly name: string;
  readonly mean: number;
  readonly comparison: Comparison | undefined;
}

/** What costs nothing: class weights at the same cut-off, and the plain model at a tuned one. */
function freeOptions(evidence: Evidence, plain: UtilitySummary, best: UtilitySummary): FreeOption[] {
  const options: FreeOption[] = [];
  const weights = evidence.utility.filter((entry) => entry.method === 'weight' && entry.classifier === plain.classifier);
  const weighted = (weights.find(({ ratio }) => ratio === best.ratio) ?? weights[0])?.values.f1;
  if (weighted) options.push({ name: 'class weights', mean: weighted.mean, comparison: comparisonOf(evidence, best, 'f1', 'weight') });
  if (plain.values.f1_tuned) {
    const comparison = comparisonOf(evidence, best, 'f1', 'none', 'f1_tuned');
    options.push({ name: 'a tuned cut-off', mean: plain.values.f1_tuned.mean, comparison });
  }
  return options;
}

/** One text a method, at its first ratio: the rows hardly depend on how many of them are drawn. */
export function rowSentences({ fidelity }: Evidence): string[] {
  const first = fidelity.filter((entry, i) => fidelity.findIndex(({ method }) => method === entry.method) === i);
  return first.flatMap((entry) => {
    const { mmd2_u_excess: excess, nearest_ratio: nearest } = entry.values;
    if (!excess && !nearest) return [];
    const conclusion = [excess && closeness(excess.mean), nearest && copying(nearest.mean)]
      .filter(isText)
      .join(excess && excess.mean <= NEAR && nearest && nearest.mean < NEARER ? ', but ' : ', ');
    const numbers = [excess && `excess MMD² ${signed(excess.mean, 4)}`, nearest && `nearest-record ratio ${fixed(nearest.mean, 2)}`];
    return [
      `Rows by ${methodName(entry.method)}: ${conclusion}. At ratio ${ratioText(entry.ratio)}: ${numbers.filter(isText).join(', ')}.`,
    ];
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
