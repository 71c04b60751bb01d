/**
 * What the numbers of a data set come to, in plain words. The answer asks one question: did synthetic rows help a classifier
 * beyond what is free, that is beyond class weights and a moved cut-off? It rests on average precision, which no cut-off can
 * change, and on F1 at the tuned cut-off where there is one; p-values are Holm-adjusted for all methods, ratios and classifiers
 * of the data set.
 */
import { holm } from './comparisons.js';
import type { Evidence } from './evidence.js';
import { comparisonOf, FEWEST_SPLITS, isShown, isSynthetic, LEVEL, sameRun } from './evidence.js';
import type { DatasetFacts } from './manifest.js';
import type { ComparedField, Comparison, Verdict } from './summary.js';
import { calibrationSentences, f1Sentences, failureSentences, rankingSentences, rowSentences, runName } from './verdict-sentences.js';
import { classifierName, counted, enumerated, fixed, pPhrase } from './words.js';

interface Judged extends Comparison {
  readonly adjusted: number;
}
type Answer = Pick<Verdict, 'answer' | 'headline'>;

const OUTCOMES: Partial<Record<ComparedField, string>> = { ap: 'average precision', f1_tuned: 'F1 at the tuned cut-off' };

export function verdictOf(facts: DatasetFacts, all: Evidence): Verdict {
  const own = <Entry extends { dataset: string }>(entries: readonly Entry[]) => entries.filter(({ dataset }) => dataset === facts.name);
  const evidence: Evidence = {
    utility: own(all.utility),
    fidelity: own(all.fidelity),
    comparisons: own(all.comparisons),
    tuned: all.tuned,
  };
  const { answer, headline } = answerOf(evidence);
  return {
    dataset: facts.name,
    answer,
    headline: facts.simulated ? `On simulated data, no patients: ${headline}` : headline,
    sentences: [
      ...rankingSentences(evidence),
      ...f1Sentences(evidence),
      ...rowSentences(evidence),
      ...calibrationSentences(evidence),
      ...failureSentences(evidence),
    ],
  };
}

function answerOf(evidence: Evidence): Answer {
  const { utility, fidelity } = evidence;
  if (utility.every(({ splits }) => splits === 0)) return { answer: 'too few splits', headline: 'Nothing was measured on this data set.' };
  if (!fidelity.some((entry) => isSynthetic(evidence, entry)))
    return { answer: 'no difference shown', headline: 'No synthetic patients were made for this data set.' };
  const decisive = evidence.comparisons.filter(
    (c) => c.reference === 'none' && c.field in OUTCOMES && c.reference_field === c.field && isSynthetic(evidence, c),
  );
  if (decisive.length === 0) {
    return { answer: 'no difference shown', headline: 'There is nothing to compare with: the run with nothing added has no result here.' };
  }
  const splits = decisive.reduce((most, { n }) => Math.max(most, n), 0);
  if (splits < FEWEST_SPLITS) {
    const number = `${counted(splits, 'split')} ${splits === 1 ? 'is' : 'are'}`;
    return {
      answer: 'too few splits',
      headline: `${number} too few to say whether synthetic patients help here: at least ${FEWEST_SPLITS} are needed.`,
    };
  }
  const shown = adjusted(decisive.filter(({ n }) => n >= FEWEST_SPLITS)).filter((comparison) => comparison.adjusted < LEVEL);
  return answerFrom(shown, evidence, splits);
}

function answerFrom(shown: readonly Judged[], evidence: Evidence, splits: number): Answer {
  const worse = shown.filter(({ difference }) => difference < 0);
  const better = shown.filter((comparison) => comparison.difference > 0 && !worse.some((other) => sameRun(other, comparison)));
  const beyond = better.filter((comparison) => beatsWeights(comparison, evidence));
  if (beyond.length > 0) {
    const weights = evidence.comparisons.some(({ reference }) => reference === 'weight') ? '' : ' Class weights were not run beside it.';
    return {
      answer: 'helps',
      headline: `Synthetic patients helped, over ${splits} splits: ${enumerated(beyond.map(described))}.${weights}${tunedNote(beyond, evidence)}`,
    };
  }
  const found = enumerated((better.length > 0 ? better : worse).map(described));
  if (better.length > 0) {
    const headline = `No gain beyond class weights was shown over ${splits} splits: ${found}, but not demonstrably more than class weights do.`;
    return { answer: 'no difference shown', headline };
  }
  if (worse.length > 0) return { answer: 'harms', headline: `No method helped over ${splits} splits, and there was harm: ${found}.` };
  return {
    answer: 'no difference shown',
    headline: `No gain from synthetic patients was shown over ${splits} splits. Differences smaller than the spread between splits would stay hidden.`,
  };
}

/** "SMOTE at 1 : 4 raised average precision by 0.031 (random forest, adjusted p = 0.004)" */
function described({ classifier, field, difference, adjusted: p, ...run }: Judged): string {
  const verb = difference > 0 ? 'raised' : 'lowered';
  const detail = `${classifierName(classifier ?? '')}, adjusted ${pPhrase(p)}`;
  return `${runName(run)} ${verb} ${OUTCOMES[field]} by ${fixed(Math.abs(difference))} (${detail})`;
}

function adjusted(comparisons: readonly Comparison[]): Judged[] {
  const tested = comparisons.filter((comparison): comparison is Comparison & { p: number } => comparison.p !== null);
  const ps = holm(tested.map(({ p }) => p));
  return tested.map((comparison, i) => ({ ...comparison, adjusted: ps[i] as number }));
}

/** Where the tuned models were run: whether any of these runs is shown to be better than they are. */
function tunedNote(beyond: readonly Judged[], evidence: Evidence): string {
  const others = beyond.map((comparison) => comparisonOf(evidence, comparison, comparison.field, 'tuned'));
  const met = others.some((other) => other !== undefined);
  const beaten = others.some((other) => other !== undefined && other.difference > 0 && isShown(other));
  return met && !beaten ? ' A lead over the tuned models, which need no synthetic patients, is not shown.' : '';
}

/** More than class weights give, and not by the mean alone; true where class weights were not run. */
function beatsWeights(comparison: Judged, evidence: Evidence): boolean {
  const other = comparisonOf(evidence, comparison, comparison.field, 'weight');
  return other === undefined || (other.difference > 0 && isShown(other));
}
