/** The report's section on computational trade-offs: convergence, ways of sampling, cost, and what to take where. */
import type { Summary } from '../study/summary.js';
import { REFERENCE } from '../study/tradeoff-lines.js';
import type { Tradeoffs } from '../study/tradeoff-summary.js';
import { fixed, grouped, methodTitle, plusMinus } from '../study/words.js';
import type { Figure } from './figures.js';
import { figureMarkup } from './figures.js';
import { html, type Markup, unbroken } from './html.js';
import { notesMarkup, tableMarkup } from './table-html.js';
import { groupOf, numberColumn, textColumn, titleOf } from './tables.js';

/** The section's body around its figures. */
export function tradeoffsMarkup(
  summary: Summary,
  tradeoffs: Tradeoffs,
  { sampling, convergence }: { readonly sampling: readonly Figure[]; readonly convergence: readonly Figure[] },
): Markup {
  return html`<p>Training and sampling were measured apart from the grid, on the same splits: one diffusion model of ${grouped(REFERENCE.steps)} steps a split, sampled in many ways, and the methods that train, looked at while they do. All rows are judged as in Table 1, 1,000 at a time.</p>
<ul>
${tradeoffs.sentences.map(sentenceMarkup)}</ul>
${deploymentMarkup(tradeoffs)}${sampling.map(figureMarkup)}${convergence.map(figureMarkup)}${costMarkup(summary, tradeoffs)}${failuresMarkup(summary, tradeoffs)}`;
}

/** The first sentence is the conclusion. */
function sentenceMarkup(sentence: string): Markup {
  const end = sentence.indexOf('. ') + 1;
  return html`<li><strong>${unbroken(sentence.slice(0, end))}</strong>${unbroken(sentence.slice(end))}</li>
`;
}

function deploymentMarkup({ deployments }: Tradeoffs): Markup {
  if (deployments.length === 0) return html``;
  return html`<h3>What to take where</h3>
<dl>
${deployments.map(
  ({ place, needs, advice }) => html`<dt>${place}</dt><dd>${needs} <strong>${unbroken(advice)}</strong></dd>
`,
)}</dl>
${notesMarkup([
  'The most faithful method on average over the data sets that meets the needs on each of them. Methods whose rows lie nearer to training patients than 0.8 of what is natural are left out: such rows give patients away. Times are of the machine named at the end.',
])}`;
}

function costMarkup(summary: Summary, { tables }: Tradeoffs): Markup | null {
  const measured = tables.filter(({ costs }) => costs.length > 0);
  if (measured.length === 0) return null;
  return tableMarkup('tradeoff-costs', {
    title: 'What training and sampling cost',
    columns: [
      textColumn('Method'),
      numberColumn('Training, s'),
      numberColumn('1,000 rows, ms'),
      numberColumn('Model, kB'),
      numberColumn('Peak, MB'),
      numberColumn('Excess MMD²'),
      numberColumn('Nearest record'),
    ],
    groups: measured.map(({ dataset, costs }) =>
      groupOf(
        summary,
        dataset,
        costs.map(({ method, train_s, ms_per_1000, model_kb, peak_mb, excess, nearest_ratio }) => [
          methodTitle(method),
          plusMinus(train_s, 2),
          plusMinus(ms_per_1000, 0),
          grouped(model_kb?.mean),
          fixed(peak_mb?.mean, 1),
          plusMinus(excess, 4),
          plusMinus(nearest_ratio, 2),
        ]),
      ),
    ),
    notes: [
      'Mean ± standard deviation over splits. Training without the looks at it. Model: what must be kept to draw rows, beside the coding of the columns; a dash where a method keeps the training rows instead. Peak: memory of the core over training and drawing 1,000 rows, without the table itself.',
    ],
  });
}

function failuresMarkup(summary: Summary, { failures }: Tradeoffs): Markup | null {
  if (failures.length === 0) return null;
  return html`<h3>Parts that failed</h3>
<ul>
${failures.map(
  ({
    dataset,
    split,
    part,
    error,
  }) => html`<li>${titleOf(summary, dataset)}, split ${split}, ${part === 'sampling' ? part : methodTitle(part)}: ${error}</li>
`,
)}</ul>
`;
}
