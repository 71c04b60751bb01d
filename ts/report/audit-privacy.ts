/** Privacy in the audit's report: the verdict with its reasons, the attacks, the distances. */
import type { Attack } from '../audit/attacks.js';
import type { Audit } from '../audit/audit.js';
import type { Check } from '../audit/gate.js';
import type { MembershipInference } from '../audit/membership.js';
import type { PrivacyAudit } from '../audit/privacy.js';
import type { Rate } from '../metrics/privacy.js';
import { counted, fixed } from '../study/words.js';
import type { Markup } from './html.js';
import { html, unbroken } from './html.js';
import { tableMarkup } from './table-html.js';
import type { TextTable } from './tables.js';
import { bareGroup, numberColumn, textColumn } from './tables.js';

export const VERDICT_WORDS = { pass: 'Pass', fail: 'Fail', insufficient: 'Insufficient evidence' } as const;
const VERDICT_KINDS = { pass: 'helps', fail: 'harms', insufficient: 'open' } as const;

const RESULT_WORDS = { ...VERDICT_WORDS, 'no alarm': 'No alarm' } as const;

const HEADLINES = {
  pass: 'No attack that was tried gains more than is tolerated from these rows.',
  fail: 'These rows give real patients away. Do not release them.',
  insufficient: 'No leak above the limit was shown, and none was ruled out. That is no permission to release.',
} as const;

export function privacySection(audit: Audit): Markup {
  const { privacy } = audit;
  const { verdict, compared, attacks, membership } = privacy;
  const rows = `${counted(compared.synthetic, 'synthetic row')} against ${counted(compared.training, 'training row')}${compared.holdout === null ? '' : ` and ${counted(compared.holdout, 'row')} held out`}`;
  const classes = compared.classes === 'both' ? 'both classes' : `the ${compared.classes} class`;
  return html`<article class="verdict ${VERDICT_KINDS[verdict]}">
<h3>Release gate</h3>
<p class="answer">${VERDICT_WORDS[verdict]}</p>
<p class="headline">${HEADLINES[verdict]}</p>
<p>Compared: ${rows}, of ${classes}.${audit.grouped && ' Rows of one patient count as one in every interval.'}</p>
</article>
${tableMarkup('checks', checkTable(privacy.checks), 'whole')}
${membership ? tableMarkup('membership', membershipTable(membership)) : ''}
${attacks ? tableMarkup('attacks', attackTable(privacy)) : withoutHoldout()}
${tableMarkup('distances', distanceTable(privacy))}
${
  attacks && attacks.inference_by_column.length > 0
    ? html`<details><summary>Inference, column by column</summary>
${tableMarkup('inference', inferenceTable(attacks.inference_by_column))}</details>`
    : ''
}
`;
}

const withoutHoldout = (): Markup =>
  html`<p>${unbroken('Without patients held out, nobody can tell what an attacker gains from these rows: a guess that succeeds on training patients might succeed on anyone. Singling out, linkability, inference and membership were therefore not tried, and a table cannot pass. Keep a tenth or more of the patients away from the generator next time, and give them as --holdout.')}</p>
`;

const checkTable = (checks: readonly Check[]): TextTable => ({
  title: 'What was checked, and what decided',
  columns: [textColumn('Check'), textColumn('Result'), textColumn('Why')],
  groups: [bareGroup(checks.map(({ title, result, reason }) => [title, RESULT_WORDS[result], `${reason}.`]))],
  notes: [
    'One failed check fails the table. To pass, every check but the smoke test has to pass: its 95% interval must rule out more than the limit.',
    'A table can be far from every record and leak all the same, so that distances alone never pass one.',
    'Six checks at 95% can raise a false alarm; look at the size of a risk, not only at its side of the limit.',
  ],
});

function membershipTable({ density_ratio, distance, members, others }: MembershipInference): TextTable {
  const row = (name: string, { auc, low, high, advantage }: MembershipInference['distance']) => [
    name,
    fixed(auc),
    interval({ low, high }),
    fixed(advantage),
  ];
  return {
    title: 'Membership inference: can one tell who was in the training table?',
    columns: [textColumn('Attack'), numberColumn('AUROC'), numberColumn('95% interval'), numberColumn('Best advantage')],
    groups: [bareGroup([row('Density ratio', density_ratio), row('Distance', distance)])],
    notes: [
      `Tried on ${members} training and ${others} held-out patients. AUROC 0.5 is guessing. The interval is over patients (bootstrap).`,
      'Density ratio: distance to the nearest real patient held out ÷ distance to the nearest synthetic row. Best advantage: the greatest true minus false positive rate, chosen after looking and so above 0 by chance alone.',
    ],
  };
}

const rate = ({ successes, trials, low, high }: Rate): string =>
  `${fixed(successes / trials)} (${fixed(low)} to ${fixed(high)}), ${successes} of ${trials}`;

export const interval = ({ low, high }: { readonly low: number; readonly high: number }): string =>
  Number.isFinite(low) && Number.isFinite(high) ? `${fixed(low)} to ${fixed(high)}` : '–';

const attackRow = (name: string, attack: Attack | null): string[] =>
  attack
    ? [name, rate(attack.training), rate(attack.holdout), fixed(attack.risk.value), interval(attack.risk)]
    : [name, '–', '–', '–', '–'];

const ATTACK_COLUMNS = [
  numberColumn('On training patients'),
  numberColumn('On held-out patients'),
  numberColumn('Risk'),
  numberColumn('95% interval'),
];

function attackTable({ attacks, closeness }: PrivacyAudit): TextTable {
  const near = closeness.copied;
  return {
    title: 'Attacks, each beside its control',
    columns: [textColumn('Attack'), ...ATTACK_COLUMNS],
    groups: [
      bareGroup([
        attackRow('Singling out', attacks?.singling_out ?? null),
        attackRow('Linkability', attacks?.linkability ?? null),
        attackRow('Inference', attacks?.inference ?? null),
        attackRow('Near copy', near.holdout && near.risk ? { training: near.training, holdout: near.holdout, risk: near.risk } : null),
      ]),
    ],
    notes: [
      'Share of attacks that succeed, with Wilson’s 95% interval. Risk = (attack − control) / (1 − control): what the synthetic rows give away about those they were made from, beyond what they tell about anyone.',
      'Singling out: three columns’ values that hold for exactly one synthetic row hold for exactly one real row. Linkability: two halves of a patient’s columns lead to the same synthetic row. Inference: a hidden value is that of the nearest synthetic row (numbers within 5%).',
    ],
  };
}

const inferenceTable = (columns: NonNullable<PrivacyAudit['attacks']>['inference_by_column']): TextTable => ({
  title: 'Inference of each column from all others',
  columns: [textColumn('Column'), ...ATTACK_COLUMNS],
  groups: [bareGroup(columns.map((column) => attackRow(column.column, column)))],
  notes: ['Of many columns some look risky by chance: the check above takes one column of each patient, drawn at random.'],
});

function distanceTable({ closeness, copies }: PrivacyAudit): TextTable {
  const five = (name: string, numbers: PrivacyAudit['closeness']['dcr'] | null) => [
    name,
    ...(numbers ? [numbers.min, numbers.p5, numbers.median, numbers.p95, numbers.max].map((value) => fixed(value)) : Array(5).fill('–')),
  ];
  const { near, near_copies } = closeness;
  return {
    title: 'Distances to the nearest training row',
    columns: [textColumn('Rows'), ...['Smallest', '5%', 'Median', '95%', 'Largest'].map(numberColumn)],
    groups: [
      {
        title: 'Distance to the closest record (standard deviations)',
        name: 'dcr',
        rows: [
          five('Synthetic', closeness.dcr),
          five('Held out', closeness.dcr_holdout),
          five('Training, to another patient', closeness.dcr_training),
        ],
      },
      {
        title: 'Nearest ÷ second nearest (NNDR)',
        name: 'nndr',
        rows: [five('Synthetic', closeness.nndr), five('Held out', closeness.nndr_holdout)],
      },
    ],
    notes: [
      `Near copies: ${near_copies.successes} of ${near_copies.trials} synthetic rows lie within ${fixed(near)} of a training row, as 5% of training rows do of another patient.`,
      `Exact copies: ${copies.synthetic.successes} of ${copies.synthetic.trials} synthetic rows; ${copies.natural.successes} of ${copies.natural.trials} training rows equal another patient’s.`,
    ],
  };
}
