/** The sentences below a verdict: ranking, F1 and what is free, the synthetic rows themselves, predicted risks, failures. */
import type { Evidence } from './evidence.js';
import { COPIES, comparisonOf, FAR, FEWEST_SPLITS, isShown, isSynthetic, NEAR, NEARER } from './evidence.js';
import type { Comparison, FidelitySummary, Statistic, UtilityField, UtilitySummary } from './summary.js';
import { classifierTitle, counted, enumerated, fixed, methodTitle, plusMinus, pPhrase, ratioText, signed } from './words.js';

const runTitle = ({ method, ratio }: Pick<UtilitySummary, 'method' | 'ratio'>): string => `${methodTitle(method)} at ${ratioText(ratio)}`;

/** The classifiers with a result for nothing added, and that result. */
function plainRuns({ utility }: Evidence): UtilitySummary[] {
  const plain = utility.filter(({ method, splits }) => method === 'none' && splits > 0);
  return plain.filter((entry, i) => plain.findIndex(({ classifier }) => classifier === entry.classifier) === i);
}

/** Of the methods with synthetic rows the one with the highest (sign 1) or lowest (−1) mean. */
function extreme(evidence: Evidence, classifier: string, field: UtilityField, sign: 1 | -1): UtilitySummary | undefined {
  const candidates = evidence.utility.filter(
    (entry) => entry.classifier === classifier && entry.values[field] !== null && isSynthetic(evidence, entry),
  );
  const mean = (entry: UtilitySummary) => (entry.values[field] as Statistic).mean * sign;
  return candidates.reduce<UtilitySummary | undefined>((best, entry) => (best && mean(best) >= mean(entry) ? best : entry), undefined);
}

/** "−0.018, better in 4 of 10 splits, p = 0.62"; with few splits the difference alone. */
function outcome(comparison: Comparison | undefined): string {
  if (!comparison) return 'no split in common';
  const { difference, better, n, p } = comparison;
  const change = `${signed(difference)}, better in ${better} of ${counted(n, 'split')}`;
  return n < FEWEST_SPLITS ? change : `${change}, ${pPhrase(p)}`;
}

export function rankingSentences(evidence: Evidence): string[] {
  return plainRuns(evidence).flatMap((plain) => {
    const best = extreme(evidence, plain.classifier, 'ap', 1);
    if (!best || !plain.values.ap) return [];
    const change = outcome(comparisonOf(evidence, best, 'ap', 'none'));
    return [
      `Ranking, ${classifierTitle(plain.classifier).toLowerCase()}: average precision ${plusMinus(plain.values.ap)} with nothing added; the method with the best mean, ${runTitle(best)}, reached ${plusMinus(best.values.ap)} (${change}).`,
    ];
  });
}

export function f1Sentences(evidence: Evidence): string[] {
  const sentences = plainRuns(evidence).flatMap((plain) => {
    const best = extreme(evidence, plain.classifier, 'f1', 1);
    return best && plain.values.f1 ? [f1Sentence(evidence, plain, best)] : [];
  });
  if (sentences.length > 0 && !evidence.tuned) {
    sentences.push(
      'No cut-off was tuned in this run, so a part of any gain in F1 at 0.5 is a threshold effect: added rows raise predicted risks, and a lower cut-off on the plain model can do the same at no cost.',
    );
  }
  return sentences;
}

function f1Sentence(evidence: Evidence, plain: UtilitySummary, best: UtilitySummary): string {
  const before = (plain.values.f1 as Statistic).mean;
  const after = (best.values.f1 as Statistic).mean;
  const change = outcome(comparisonOf(evidence, best, 'f1', 'none'));
  const start = `F1 at cut-off 0.5, ${classifierTitle(plain.classifier).toLowerCase()}: ${fixed(before)} with nothing added, ${fixed(after)} with ${runTitle(best)} (${change})`;
  if (after <= before) return `${start}; no synthetic rows raised it.`;
  const free = freeOptions(evidence, plain, best);
  if (free.length === 0) return `${start}.`;
  const asGood = free.filter(({ mean }) => mean >= after - 0.005);
  const named = free.map(({ name, mean }) => `${fixed(mean)} with ${name}`);
  const listed = `${start}; ${enumerated(named)}`;
  if (asGood.length > 0)
    return `${listed}: ${enumerated(asGood.map(({ name }) => name))} ${asGood.length === 1 ? 'does' : 'do'} as well at no cost.`;
  const undecided = free.filter(({ comparison }) => !comparison || !isShown(comparison));
  if (undecided.length === 0) return `${listed}; the lead over ${free.length === 1 ? 'it' : 'both'} holds beyond chance.`;
  return `${listed}; a lead over ${enumerated(undecided.map(({ name }) => name))} is not shown.`;
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
    options.push({ name: 'a tuned cut-off on the plain model', mean: plain.values.f1_tuned.mean, comparison });
  }
  return options;
}

/** One sentence a method, at its first ratio: the rows hardly depend on how many of them are drawn. */
export function rowSentences({ fidelity }: Evidence): string[] {
  const first = fidelity.filter((entry, i) => fidelity.findIndex(({ method }) => method === entry.method) === i);
  return first.flatMap((entry) => {
    const parts = [closeness(entry), copying(entry)].filter((part) => part !== '');
    return parts.length > 0 ? [`Rows of ${methodTitle(entry.method)}: ${parts.join('; ')}.`] : [];
  });
}

function closeness({ values }: FidelitySummary): string {
  const excess = values.mmd2_u_excess;
  if (!excess) return '';
  const number = `excess MMD² ${signed(excess.mean, 4)}`;
  if (excess.mean <= NEAR) return `near the floor, about as close to unseen patients as other real patients are (${number})`;
  return excess.mean <= FAR ? `somewhat off unseen patients (${number})` : `far from unseen patients (${number})`;
}

function copying({ values }: FidelitySummary): string {
  const ratio = values.nearest_ratio;
  if (!ratio) return '';
  const number = `nearest-record ratio ${fixed(ratio.mean, 2)}`;
  if (ratio.mean < COPIES)
    return `they look copied from training patients (${number}), so closeness is no merit and they are no more private than those`;
  if (ratio.mean < NEARER) return `they lie much nearer to training patients than unseen patients do (${number}), which points to copying`;
  return `no sign of copying (${number})`;
}

export function calibrationSentences(evidence: Evidence): string[] {
  return plainRuns(evidence).flatMap((plain) => {
    const worst = extreme(evidence, plain.classifier, 'brier', 1);
    const comparison = worst && comparisonOf(evidence, worst, 'brier', 'none');
    if (!worst || !comparison || !plain.values.brier) return [];
    const whose = classifierTitle(plain.classifier).toLowerCase();
    if (comparison.difference <= 0)
      return [`Predicted risks, ${whose}: no synthetic rows raised the Brier score of ${fixed(plain.values.brier.mean)}.`];
    const prior = worst.values.brier_prior ? `; ${fixed(worst.values.brier_prior.mean)} after prior correction` : '';
    const verb = isShown(comparison) ? 'got worse' : 'were worse by the mean';
    return [
      `Predicted risks, ${whose}: they ${verb} with ${runTitle(worst)}, Brier score ${fixed(plain.values.brier.mean)} → ${fixed(worst.values.brier?.mean)} (${outcome(comparison)})${prior}.`,
    ];
  });
}

export function failureSentences({ utility }: Evidence): string[] {
  const failed = utility.reduce((sum, entry) => sum + entry.failed, 0);
  const all = failed + utility.reduce((sum, entry) => sum + entry.splits, 0);
  return failed === 0
    ? []
    : [`${failed} of ${counted(all, 'result')} ${failed === 1 ? 'is' : 'are'} missing because the cell failed; means are over the others.`];
}
