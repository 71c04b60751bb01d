/** What the report's words mean, and how the numbers were made. */
import type { Summary } from '../study/summary.js';
import type { Markup } from './html.js';
import { html } from './html.js';

type Entry = readonly [term: string, meaning: string];

const METHODS: Readonly<Record<string, Entry>> = {
  none: ['Nothing added', 'The classifier learns from the training part as it is.'],
  weight: ['Class weights', 'Positives count more in training, as much as copies up to the ratio would. No rows are added.'],
  tuned: [
    'Tuned models',
    'No row is added: a regularised forest and regularised boosting, averaged, with Platt scaling and the cut-off chosen on inner out-of-fold predictions. The same beside either classifier.',
  ],
  random: ['Random copies', 'Rows of positives are repeated. A control: likeness without any new patient, so no verdict is passed on it.'],
  smote: ['SMOTE', 'A new row lies on the line between a real positive and one of its nearest positive neighbours (Chawla et al. 2002).'],
  borderline: [
    'Borderline SMOTE',
    'SMOTE that starts only from positives of which half or more, but not all, of the nearest patients are negatives (Han et al. 2005).',
  ],
  adasyn: ['ADASYN', 'SMOTE that makes more rows from the positives with more negatives among their nearest patients (He et al. 2008).'],
  rose: [
    'ROSE',
    'A smoothed bootstrap: a real positive is drawn and its numbers are moved a little, at random (Menardi and Torelli 2014).',
  ],
  copula: ['Gaussian copula', 'Each column keeps its own distribution, and normal correlations tie the columns together.'],
  ctgan: [
    'CTGAN',
    'Two networks against each other: one makes rows on request, here positives, the other tells packs of them from real ones (Xu et al. 2019).',
  ],
  tvae: [
    'TVAE',
    'A variational autoencoder: rows are squeezed through a few random numbers and restored; new rows are restored from random numbers alone (Xu et al. 2019).',
  ],
  tabddpm: [
    'TabDDPM',
    'A diffusion model: a network learns to remove noise from the rows of positives, then turns pure noise into new rows (Kotelnikov et al. 2023).',
  ],
  forestflow: [
    'ForestFlow',
    'Boosted trees learn which way noisy rows of positives lie from the real ones; pure noise that follows them ends as new rows (Jolicoeur-Martineau et al. 2023).',
  ],
  'rose-blend': ['ROSE blend', 'Half of the learners see real rows only, half a fresh draw of ROSE each; prior-corrected and averaged.'],
  'tabddpm-blend': [
    'TabDDPM blend',
    'Half of the learners see real rows only, half a fresh draw of partly noised and denoised patients each; prior-corrected and averaged.',
  ],
};

const TERMS: readonly Entry[] = [
  [
    'Split',
    'A random division into a training part (80%) and a test part (20%) with equal shares of positives. Nothing is learnt from the test part.',
  ],
  ['Ratio', 'Positives to negatives in the training part after rows were added. 1 : 1 is full balance.'],
  ['±', 'Standard deviation between splits, with n − 1. It tells how much a result depends on which patients are tested.'],
  ['Precision', 'Of the patients flagged as positive, the share that are (positive predictive value).'],
  ['Recall', 'Of the positive patients, the share that are flagged (sensitivity).'],
  ['F1', 'The harmonic mean of precision and recall at a cut-off. At 0.5 it changes as soon as predicted risks shift as a whole.'],
  ['Tuned cut-off', 'The cut-off with the best F1 on a quarter of the training part that was held out for it.'],
  ['AUROC', 'The chance that a random positive gets a higher risk than a random negative. 0.5 is guessing.'],
  ['Average precision (AP)', 'The area under the precision–recall curve. Guessing reaches the share of positives.'],
  ['Brier score', 'The mean squared difference between predicted risk and outcome.'],
  ['Calibration intercept, slope', 'A logistic fit of the outcome on the predicted log-odds (Cox 1958).'],
  [
    'Prior correction',
    'Predicted odds are multiplied by the odds of positives in the real training part over those after rows were added.',
  ],
  [
    'MMD',
    'Maximum mean discrepancy with kernel exp(−d²/2s²), s the median distance between real positives of the training part, at most 2,000 rows a side, between synthetic positives and real positives of the test part. The first column is the square root of the biased estimate, as such figures are usually printed; it shrinks with the number of rows.',
  ],
  ['Floor', 'The same between real positives of the training part and of the test part.'],
  ['Excess MMD²', 'The unbiased estimate of MMD² minus its floor, split by split. It can be negative; it is never set to 0.'],
  [
    'Nearest record',
    'The median distance of synthetic rows to their nearest real positive of the training part, over that of real positives of the test part.',
  ],
  [
    'KS, TV, Wasserstein',
    'Mean over columns of the Kolmogorov–Smirnov distance (numbers), the total variation distance (categories), and the Wasserstein distance (standardised numbers).',
  ],
  ['Pair difference', 'Mean difference between the pairwise associations of columns in synthetic and in real rows.'],
  ['C2ST', 'Classifier two-sample test: AUROC of a classifier that was trained to tell synthetic from real rows.'],
  [
    'Coverage',
    'The share of real test positives with a synthetic row nearer than their fifth nearest fellow (Naeem et al. 2020). It grows with the number of rows.',
  ],
  [
    'p-value',
    'Corrected resampled t-test (Nadeau & Bengio 2003): training parts of different splits share patients, so the variance of the mean is taken as (1/n + n_test/n_train) σ² instead of σ²/n.',
  ],
  [
    'Mean rank, critical difference',
    'Methods are ranked within each pair of data set and classifier by their means over splits; mean ranks that differ by less than the critical difference are not told apart (Friedman and Nemenyi tests; Demšar 2006).',
  ],
  [
    'Verdict',
    'Rests on average precision and, where measured, F1 at the tuned cut-off, against nothing added, with p-values adjusted for all methods, ratios and classifiers of the data set (Holm), at the 5% level and with at least 5 splits. “Helps” also asks for more than class weights give.',
  ],
];

const CLASSIFIERS: Readonly<Record<string, Entry>> = {
  rf: ['Random forest', '100 trees, Gini impurity, √features a split, bootstrap samples; missing numbers by the training median.'],
  xgb: [
    'Boosting',
    'Gradient-boosted trees with logistic loss: 100 rounds, depth 6, learning rate 0.3, λ 1, missing values by a learnt direction.',
  ],
};

export function glossaryMarkup(summary: Summary): Markup {
  const own = (entries: Readonly<Record<string, Entry>>, names: readonly string[]) =>
    names.flatMap((name) => (Object.hasOwn(entries, name) ? [entries[name] as Entry] : []));
  const list = (entries: readonly Entry[]) => html`<dl>
${entries.map(
  ([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>
`,
)}</dl>
`;
  return html`<h3>Methods</h3>
${list(own(METHODS, summary.methods))}<h3>Classifiers</h3>
${list(own(CLASSIFIERS, summary.classifiers))}<h3>Terms and definitions</h3>
${list(TERMS)}`;
}
