/** Likeness and fairness by group in the audit's report. */
import type { Audit } from '../audit/audit.js';
import type { Fairness } from '../audit/fairness.js';
import { LEAST_IN_GROUP } from '../audit/fairness.js';
import type { GroupLikeness, Likeness } from '../audit/likeness.js';
import { LEAST_ROWS } from '../audit/likeness.js';
import type { Valued } from '../metrics/resampling.js';
import { classifierTitle, enumerated, fixed, signed } from '../study/words.js';
import type { Markup } from './html.js';
import { html, unbroken } from './html.js';
import { tableMarkup } from './table-html.js';
import type { TextTable } from './tables.js';
import { numberColumn, textColumn } from './tables.js';

const FEW = 'insufficient evidence';

export function likenessSection({ fidelity, sensitive }: Audit): Markup {
  if (!fidelity)
    return html`<p>The synthetic rows are none of the positive class, whose likeness is measured here.</p>
`;
  const { whole, groups, fidelity: numbers, detection, reference } = fidelity;
  const against =
    reference === 'holdout'
      ? 'Measured against held-out patients; the floor is what the training patients reach.'
      : 'No patients were held out. Measured against half of the training patients, whom the generator has seen: near is no proof here, far is.';
  const byColumns = [...new Set(groups.map(({ columns }) => columns.join(' × ')))];
  const table: TextTable = {
    title: 'Likeness of the synthetic minority, of all and of each group',
    columns: [
      textColumn('Group'),
      ...['Training rows', 'Synthetic rows', 'Compared with', 'Share, training', 'Share, synthetic', 'Distance', 'Floor', 'Excess'].map(
        numberColumn,
      ),
    ],
    groups: [
      { title: '', name: 'all', rows: [likenessRow(whole)] },
      ...byColumns.map((name) => ({
        title: name,
        name,
        rows: groups.filter(({ columns }) => columns.join(' × ') === name).map(likenessRow),
      })),
    ],
    notes: [
      'Distance: mean over the columns of the Kolmogorov–Smirnov distance (numbers) or total variation (levels); 0 is the same distribution. Excess = distance − floor, with its 95% interval by bootstrap over patients; an interval above 0 says that the synthetic rows are less like patients than other patients are.',
      `Shares are of the minority in each table, with Wilson’s interval. A group with fewer than ${LEAST_ROWS} rows on any side has ${FEW}.`,
      ...(sensitive.length === 0 ? ['No column is named after sex, age, race or ethnicity; name columns with --sensitive.'] : []),
    ],
  };
  return html`<p>${against}</p>
${tableMarkup('likeness', table)}${
  numbers &&
  html`<dl class="facts">
<dt>Told apart by a classifier</dt><dd>${detectionWords(detection)}</dd>
<dt>MMD² (unbiased)</dt><dd>${fixed(numbers.mmd2_u, 4)}; real patients reach ${fixed(numbers.mmd2_u_floor, 4)}</dd>
<dt>Pairs of columns</dt><dd>mean difference ${fixed(numbers.pair_difference)}</dd>
<dt>Coverage</dt><dd>${fixed(numbers.coverage)} of the real patients have a synthetic row nearby</dd>
<dt>Nearest-record ratio</dt><dd>${fixed(numbers.nearest_ratio)}; far below 1 means copying</dd>
</dl>
`
}`;
}

function detectionWords(detection: Likeness['detection']): string {
  if (!detection) return FEW;
  const { auc, floor, excess } = detection;
  return `AUROC ${withInterval(auc)}; real patients reach ${withInterval(floor)}, a difference of ${withInterval(excess, signed)}; 0.5 is not at all`;
}

function likenessRow({ group, rows, share, distance, floor, excess }: GroupLikeness): string[] {
  const rate = ({ successes, trials, low, high }: GroupLikeness['share']['training']) =>
    trials === 0 ? '–' : `${fixed(successes / trials, 2)} (${fixed(low, 2)} to ${fixed(high, 2)})`;
  const measured = excess
    ? [fixed(distance), fixed(floor), `${signed(excess.value)} (${signed(excess.low)} to ${signed(excess.high)})`]
    : ['–', '–', FEW];
  return [
    group,
    String(rows.training),
    String(rows.synthetic),
    String(rows.reference),
    rate(share.training),
    rate(share.synthetic),
    ...measured,
  ];
}

export function fairnessSection({ fairness, sensitive }: Audit): Markup {
  if (!fairness)
    return html`<p>${unbroken('Not judged: it takes held-out patients of both classes to see whom a classifier misses. Give --holdout.')}</p>
`;
  if (fairness.length === 0) {
    const why =
      sensitive.length === 0
        ? 'No column is named after sex, age, race or ethnicity; name the columns with --sensitive.'
        : `${enumerated(sensitive)} part the patients into no two groups.`;
    return html`<p>${why}</p>
`;
  }
  return html`${tableMarkup('disparity', disparityTable(fairness))}${tableMarkup('groups', groupTable(fairness))}`;
}

const withInterval = ({ value, low, high }: Valued, text: (value: number) => string = fixed): string =>
  !Number.isFinite(value) ? '–' : Number.isFinite(low) ? `${text(value)} (${text(low)} to ${text(high)})` : text(value);

const nameOf = ({ columns, classifier }: Fairness): string => `${columns.join(' × ')}, ${classifierTitle(classifier).toLowerCase()}`;

const disparityTable = (fairness: readonly Fairness[]): TextTable => ({
  title: 'Differences between groups, before and after augmentation',
  columns: [
    textColumn('Groups by'),
    ...['Parity difference, before', 'after', 'change', 'Odds difference, before', 'after', 'change'].map(numberColumn),
  ],
  groups: [
    {
      title: '',
      name: 'disparity',
      rows: fairness.map((one) => {
        const { disparity } = one;
        if (!disparity) return [nameOf(one), FEW, FEW, FEW, FEW, FEW, FEW];
        const { before, after, change } = disparity;
        return [
          nameOf(one),
          ...(['parity', 'odds'] as const).flatMap((of) => [
            withInterval(before[of]),
            withInterval(after[of]),
            withInterval(change[of], signed),
          ]),
        ];
      }),
    },
  ],
  notes: [
    'Parity difference: greatest minus least share of patients with an alarm (demographic parity). Odds difference: the larger of the ranges of recall and of the false alarm rate (equalised odds). 0 is equal; in brackets the 95% interval by bootstrap over patients. A largest difference of several noisy groups lies above 0 by chance, so look at the change.',
    'Both models give alarms to the same number of patients: those with the highest risks, as many as there are positives among the held-out rows.',
    `Only groups with at least ${LEAST_IN_GROUP} positive and ${LEAST_IN_GROUP} negative patients held out count; with fewer than two such groups there is ${FEW}.`,
  ],
});

const groupTable = (fairness: readonly Fairness[]): TextTable => ({
  title: 'Each group, before and after augmentation',
  columns: [
    textColumn('Group'),
    ...[
      'Held-out rows',
      'Positives',
      'Recall, before → after',
      'change',
      'F1, before → after',
      'change',
      'Brier, before → after',
      'Risk overstated, before → after',
    ].map(numberColumn),
  ],
  groups: fairness.map((one) => ({
    title: nameOf(one),
    name: nameOf(one),
    rows: one.groups.map(({ group, rows, positives, enough, before, after, change }) => [
      enough ? group : `${group} (${FEW})`,
      String(rows),
      String(positives),
      `${fixed(before.recall, 2)} → ${fixed(after.recall, 2)}`,
      withInterval(change.recall, (value) => signed(value, 2)),
      `${fixed(before.f1, 2)} → ${fixed(after.f1, 2)}`,
      withInterval(change.f1, (value) => signed(value, 2)),
      `${fixed(before.brier)} → ${fixed(after.brier)}`,
      `${signed(before.calibrationInTheLarge)} → ${signed(after.calibrationInTheLarge)}`,
    ]),
  })),
  notes: [
    'Risk overstated: mean predicted risk minus the share who had the outcome, after augmentation with the prior corrected; below 0 the group’s risk is understated.',
  ],
});
