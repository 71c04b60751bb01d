/** What synthetic rows are worth, in the audit's report: the advice, scores before and after, whether risks can be trusted. */
import * as Plot from '@observablehq/plot';
import type { Audit } from '../audit/audit.js';
import type { Advice, DecisionPoint, Field, ReliabilityPoint, Worth } from '../audit/worth.js';
import { classifierName, classifierTitle, fixed, signed } from '../study/words.js';
import type { Figure } from './figures.js';
import { drawn, figureMarkup } from './figures.js';
import type { Markup } from './html.js';
import { html, unbroken } from './html.js';
import { type Series, seriesAt } from './series.js';
import { tableMarkup } from './table-html.js';
import type { TextTable } from './tables.js';
import { bareGroup, numberColumn, textColumn } from './tables.js';

export const ADVICE_WORDS: Readonly<Record<Advice, string>> = {
  augment: 'These rows help',
  'do not augment': 'Do not augment with these rows',
  'no gain shown': 'No gain shown: class weights or a moved cut-off cost nothing',
  insufficient: 'Insufficient evidence',
};
const KINDS: Readonly<Record<Advice, string>> = {
  augment: 'helps',
  'do not augment': 'harms',
  'no gain shown': 'open',
  insufficient: 'open',
};

type Side = keyof Worth['scores'];
const SIDES: readonly (readonly [Side, string])[] = [
  ['before', 'Real rows alone'],
  ['after', 'With synthetic rows'],
  ['corrected', 'With synthetic rows, prior corrected'],
];
const SERIES: readonly Series[] = SIDES.map(([side, title], at) => seriesAt(at, side, title));

const FIELD_TITLES: Readonly<Record<Field, string>> = {
  ap: 'Average precision',
  auroc: 'AUROC',
  f1: 'F1 at 0.5',
  recall: 'Recall at 0.5',
  brier: 'Brier score (lower is better)',
  intercept: 'Calibration intercept (ideal 0)',
  slope: 'Calibration slope (ideal 1)',
};
const FIELDS = Object.keys(FIELD_TITLES) as Field[];

export function worthSection({ utility }: Audit, document: Document): Markup {
  if (!utility) {
    return html`<p>${unbroken('Not judged: no patients of both classes were held out. The synthetic rows were made from every patient of the real table, so that a classifier trained with them has seen something of each, and its scores on those patients would be flattering. Give --holdout.')}</p>
`;
  }
  return html`${utility.map(
    (worth) => html`<article class="verdict ${KINDS[worth.advice]}">
<h3>${classifierTitle(worth.classifier)}</h3>
<p class="answer">${ADVICE_WORDS[worth.advice]}</p>
<p class="headline">${unbroken(reasonOf(worth))}</p>
</article>
`,
  )}${tableMarkup('utility', scoreTable(utility))}${figureMarkup(reliabilityFigure(utility, document))}${figureMarkup(decisionFigure(utility, document))}`;
}

type Change = Worth['change']['after'][Field];
const range = ({ value, low, high }: Change): string =>
  Number.isFinite(low) ? `${signed(value)} (${signed(low)} to ${signed(high)})` : signed(value);

export function reasonOf({ advice, change }: Worth): string {
  const { ap } = change.after;
  const ranking = `Average precision changes by ${range(ap)}`;
  const trust = `the Brier score by ${range(change.after.brier)} as the probabilities are, by ${range(change.corrected.brier)} with the prior corrected`;
  if (advice === 'insufficient') return 'Fewer than ten patients of one class were held out: no difference could be told from chance.';
  if (advice === 'augment') return `${ranking}, and ${trust}. Correct the prior before showing anyone a probability.`;
  if (advice === 'do not augment') return `${ranking}, ${trust}. What ranking gains, if anything, the probabilities lose.`;
  return `${ranking}, ${trust}: nothing that chance does not explain.`;
}

function scoreTable(utility: readonly Worth[]): TextTable {
  const of = (worth: Worth, side: Side, field: Field) => {
    const { low, high } = worth.intervals[side][field];
    const value = worth.scores[side][field];
    return Number.isFinite(low) ? `${fixed(value)} (${fixed(low)} to ${fixed(high)})` : fixed(value);
  };
  return {
    title: 'Classifiers on held-out patients, without and with the synthetic rows',
    columns: [
      textColumn('Score'),
      ...SIDES.map(([, title]) => numberColumn(title)),
      numberColumn('Change'),
      numberColumn('Change, prior corrected'),
    ],
    groups: utility.map((worth) => ({
      title: classifierTitle(worth.classifier),
      name: worth.classifier,
      rows: FIELDS.map((field) => [
        FIELD_TITLES[field],
        ...SIDES.map(([side]) => of(worth, side, field)),
        range(worth.change.after[field]),
        range(worth.change.corrected[field]),
      ]),
    })),
    notes: [
      'In brackets: 95% intervals by bootstrap over held-out patients, changes paired on the same patients. They do not cover the luck of one training run.',
      'Prior corrected: the odds are moved back to the share of positives in the real table, which costs nothing. F1 and recall at 0.5 rise with every probability; average precision tells whether patients are ranked better.',
      '“Do not augment”: ranking gets worse, or it does not get better and the probabilities get worse. “These rows help”: average precision rises beyond chance and corrected probabilities get no worse.',
    ],
  };
}

const AXIS = { labelAnchor: 'center', labelArrow: 'none', labelOffset: 38 } as const;

function reliabilityFigure(utility: readonly Worth[], document: Document): Figure {
  const points = (worth: Worth) =>
    SIDES.flatMap(([side], at) => worth.reliability[side].map((point) => ({ ...point, series: SERIES[at] as Series })));
  const text = (list: readonly ReliabilityPoint[]) =>
    list.map(({ predicted, observed }) => `${fixed(predicted, 2)} → ${fixed(observed, 2)}`).join(', ');
  return {
    id: 'reliability',
    title: 'Reliability.',
    caption:
      'Held-out patients in tenths by predicted risk: mean prediction against the share who had the outcome. On the dotted line predictions mean what they say; below it they are too high. Few patients stand behind each point.',
    panels: utility.map((worth) => ({
      title: classifierTitle(worth.classifier),
      description: `Reliability of the ${classifierName(worth.classifier)}, predicted → observed: ${SIDES.map(([side, title]) => `${title}: ${text(worth.reliability[side])}`).join('; ')}.`,
      picture: drawn(document, {
        height: 330,
        marginLeft: 48,
        marginBottom: 42,
        marginTop: 30,
        x: { domain: [0, 1], label: 'Predicted risk', ...AXIS },
        y: { domain: [0, 1], label: 'Share with the outcome', grid: true, labelArrow: 'none', labelAnchor: 'top' },
        marks: [
          Plot.line(
            [
              [0, 0],
              [1, 1],
            ],
            { strokeDasharray: '1 3', strokeOpacity: 0.8 },
          ),
          ...SERIES.flatMap((series) => {
            const own = points(worth).filter((point) => point.series === series);
            return [
              Plot.line(own, { x: 'predicted', y: 'observed', stroke: series.colour, strokeOpacity: 0.6 }),
              Plot.dot(own, { x: 'predicted', y: 'observed', fill: series.colour, r: 4, symbol: series.symbol as Plot.SymbolType }),
            ];
          }),
        ],
      }),
    })),
    series: SERIES,
    data: utility.map((worth) => ({
      title: classifierTitle(worth.classifier),
      columns: [textColumn('Model'), numberColumn('Patients’ rows'), numberColumn('Predicted'), numberColumn('Observed')],
      groups: [
        bareGroup(
          SIDES.flatMap(([side, title]) =>
            worth.reliability[side].map((p) => [title, String(p.rows), fixed(p.predicted), fixed(p.observed)]),
          ),
        ),
      ],
      notes: [],
    })),
  };
}

function decisionFigure(utility: readonly Worth[], document: Document): Figure {
  const lines: readonly (readonly [keyof DecisionPoint, Series])[] = [
    ...SIDES.map(([side], at) => [side, SERIES[at] as Series] as const),
    ['all', seriesAt(6, 'all', 'Alarm for everyone')],
  ];
  return {
    id: 'decision',
    title: 'Decision curve.',
    caption:
      'Net benefit a patient of acting on an alarm, over the risk from which one would act: found patients less false alarms at their price. Higher is better; 0 is never acting.',
    panels: utility.map((worth) => {
      const low = -0.02;
      const high = Math.max(0.02, ...worth.decision.map((point) => Math.max(point.before, point.after, point.corrected)));
      return {
        title: classifierTitle(worth.classifier),
        description: `Net benefit of the ${classifierName(worth.classifier)}: ${worth.decision.map((p) => `at ${fixed(p.threshold, 2)} before ${fixed(p.before)}, after ${fixed(p.after)}, corrected ${fixed(p.corrected)}`).join('; ')}.`,
        picture: drawn(document, {
          height: 300,
          marginLeft: 56,
          marginBottom: 42,
          marginTop: 30,
          x: { label: 'Risk from which one would act', ...AXIS },
          y: { domain: [low, high * 1.05], clamp: true, label: 'Net benefit', grid: true, labelArrow: 'none', labelAnchor: 'top' },
          marks: [
            Plot.ruleY([0], { strokeOpacity: 0.6 }),
            ...lines.map(([field, series]) =>
              Plot.line(worth.decision, {
                x: 'threshold',
                y: field,
                stroke: series.colour,
                strokeWidth: 2,
                ...(field === 'all' ? { strokeDasharray: '2 3' } : {}),
              }),
            ),
          ],
        }),
      };
    }),
    series: lines.map(([, series]) => series),
    data: utility.map((worth) => ({
      title: classifierTitle(worth.classifier),
      columns: [numberColumn('Risk'), ...lines.map(([, series]) => numberColumn(series.title))],
      groups: [bareGroup(worth.decision.map((point) => [fixed(point.threshold, 2), ...lines.map(([field]) => fixed(point[field]))]))],
      notes: [],
    })),
  };
}
