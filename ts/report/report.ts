/** The report of a study as one HTML file that needs nothing else: no network, no script. */
import { InputError } from '../errors.js';
import { isControl } from '../study/evidence.js';
import type { Line } from '../study/groups.js';
import type { Manifest } from '../study/manifest.js';
import type { Portrait } from '../study/portrait.js';
import type { Summary } from '../study/summary.js';
import { classifierName, counted, enumerated, methodName } from '../study/words.js';
import { comparisonTable, failureTable, likenessTable } from './comparison-tables.js';
import { figureMarkup } from './figures.js';
import { galleryOf } from './gallery.js';
import { glossaryMarkup } from './glossary.js';
import type { Markup } from './html.js';
import { html, unbroken } from './html.js';
import { calibrationTable, computeTable, cutOffTable, dataTable, fidelityTable, rankingTable } from './more-tables.js';
import { renderPage, type Section } from './page.js';
import { portraitSection } from './portraits.js';
import { rankTable, rankTestTable } from './rank-tables.js';
import { recordMarkup, runMarkup } from './record.js';
import { tableMarkup } from './table-html.js';
import type { TextTable } from './tables.js';
import { f1Table, mmdTable, titleOf } from './tables.js';
import { tradeoffsMarkup } from './tradeoffs.js';

/**
 * The report of a study: one HTML file that needs nothing else. `document` draws the figures: the page's own in a browser; elsewhere the caller
 * passes one. Of `portraits` the pictures are drawn.
 *
 * @throws {InputError} where there is no document.
 */
export function renderReport(
  summary: Summary,
  lines: readonly Line[],
  manifest: Manifest,
  document: Document | undefined = globalThis.document,
  portraits: readonly Portrait[] = [],
): string {
  if (!document) throw new InputError('"document" expected a document to draw figures into, got none: pass one outside a browser');
  const sections = sectionsOf(summary, lines, manifest, document, portraits);
  const title = titleOfReport(summary);
  return renderPage({
    title,
    skip: 'Skip to the verdicts',
    lead: leadMarkup(summary, manifest),
    sections,
    foot: html`<p>Written by synthward ${manifest.version} from ${counted(summary.lines, 'result')}. The page holds no patient’s record, only what was measured${summary.portraits.length > 0 && html` and, in pictures, real patients as points on two summary axes`}, and loads nothing from anywhere.</p>`,
  });
}

function titleOfReport({ datasets }: Summary): string {
  const simulated = datasets.filter((facts) => facts.simulated).length;
  const real = datasets.length - simulated;
  const kinds = [real > 0 && counted(real, 'clinical data set'), simulated > 0 && counted(simulated, 'simulated data set')];
  const of = datasets.length === 1 ? datasets[0]?.title : enumerated(kinds.filter((kind) => kind !== false));
  return `Do synthetic minority patients help? A study on ${of}`;
}

function leadMarkup(summary: Summary, manifest: Manifest): Markup {
  const made = summary.methods.filter((method) => !isControl(method) && summary.fidelity.some((entry) => entry.method === method));
  const free = summary.methods.filter((method) => !made.includes(method));
  const against = free.length > 0 ? `, against ${enumerated(free.map(methodName))}` : '';
  const what =
    made.length > 0
      ? `Synthetic patients of the rare class were made by ${enumerated(made.map(methodName))}${against}.`
      : `No synthetic patients were made; the study ran ${enumerated(free.map(methodName))}.`;
  const whom = enumerated(summary.classifiers.map(classifierName));
  return html`<p class="lead">When few patients have the outcome, classifiers tend to miss them. One remedy is to add artificial patients to the training data. This study asks whether that helps on patients who were never seen in training, and whether simpler remedies do as well.</p>
${simulatedMarkup(summary)}<p>${what} Each was tested with ${whom || 'no classifier'} on ${counted(manifest.splits, 'random split')} of each data set. “Free” are class weights and a moved cut-off: they need no synthetic patients. Did synthetic patients help beyond that?</p>
<ul class="answers">
${summary.verdicts.map(
  ({
    dataset,
    answer,
    headline,
  }) => html`<li><strong>${titleOf(summary, dataset)}: ${ANSWERS[answer].toLowerCase()}.</strong> ${unbroken(headline)}</li>
`,
)}</ul>
`;
}

/** What must not be overlooked where rows are no patients. */
function simulatedMarkup({ datasets }: Summary): Markup | false {
  const simulated = datasets.filter((facts) => facts.simulated);
  if (simulated.length === 0) return false;
  const [which, it] =
    simulated.length === datasets.length
      ? ['All data of this study are', 'They tell']
      : [`${enumerated(simulated.map(({ title }) => title))}: these data are`, 'Their results stand apart and tell'];
  return html`<p class="simulated"><strong>${which} simulated: no row is a patient.</strong> ${it} how the methods behave on a table of that size and kind, and nothing about patients; where “patients” is said of them, simulated ones are meant.</p>
`;
}

function sectionsOf(
  summary: Summary,
  lines: readonly Line[],
  manifest: Manifest,
  document: Document,
  portraits: readonly Portrait[],
): Section[] {
  const gallery = galleryOf(summary, document);
  const { curves, dots, ranks, loss } = gallery;
  const looks = portraitSection(summary, portraits);
  const likeness = likenessTable(summary);
  const failures = failureTable(summary, lines, manifest);
  const or = (table: TextTable, id: string, missing: string, kind: 'whole' | 'tall' = 'whole') =>
    table.groups.some(({ rows }) => rows.length > 0)
      ? tableMarkup(id, table, kind)
      : html`<p>${missing}</p>
`;
  const noRows = 'No synthetic rows were made, so there is nothing to measure here.';
  const noResults = 'There are no results yet.';
  return [
    { id: 'verdicts', title: 'Verdicts', body: verdictsMarkup(summary) },
    { id: 'run', title: 'What was run', body: html`${runMarkup(summary, manifest)}${tableMarkup('data-sets', dataTable(summary))}` },
    {
      id: 'main-results',
      title: 'Main results: Tables 1 and 2, precision–recall curves',
      body: html`${or(mmdTable(summary), 'table-1', noRows)}${or(f1Table(summary), 'table-2', noResults)}${curves.map(figureMarkup)}`,
    },
    {
      id: 'ranking',
      title: 'Ranking and alarms',
      body: html`${or(rankingTable(summary), 'table-3', noResults)}${dots.map(figureMarkup)}${or(cutOffTable(summary), 'table-4', noResults)}`,
    },
    { id: 'calibration', title: 'Trust in predicted risks', body: or(calibrationTable(summary), 'table-5', noResults) },
    {
      id: 'fidelity',
      title: 'Likeness of synthetic patients, in detail',
      body: html`${or(fidelityTable(summary), 'table-6', noRows)}${likeness && tableMarkup('table-7', likeness)}`,
    },
    ...(looks ? [{ id: 'portraits', title: 'What the synthetic patients look like', body: looks }] : []),
    {
      id: 'comparisons',
      title: 'Comparisons with p-values',
      body: or(comparisonTable(summary), 'table-8', 'No two methods have a split in common.', 'tall'),
    },
    {
      id: 'mean-ranks',
      title: 'Mean ranks over data sets and classifiers',
      body: ranks
        ? html`${tableMarkup('rank-table', rankTable(summary))}${figureMarkup(ranks)}${tableMarkup('rank-tests', rankTestTable(summary))}`
        : html`<p>No two methods have a result in every split of every data set, so that there is nothing to rank.</p>
`,
    },
    {
      id: 'compute',
      title: 'Training and compute',
      body: html`${
        loss
          ? figureMarkup(loss)
          : html`<p>No method of this study trains a generator.</p>
`
      }${or(computeTable(summary), 'table-9', noResults)}`,
    },
    ...(summary.tradeoffs
      ? [
          {
            id: 'tradeoffs',
            title: 'Computational trade-offs',
            body: tradeoffsMarkup(summary, summary.tradeoffs, gallery),
          },
        ]
      : []),
    {
      id: 'failures',
      title: 'Failures',
      body: failures
        ? tableMarkup('table-10', failures)
        : html`<p>None: every cell that ran has a result.</p>
`,
    },
    { id: 'glossary', title: 'Methods and definitions', body: glossaryMarkup(summary) },
    { id: 'record', title: 'Record of this run', body: recordMarkup(manifest) },
  ];
}

const ANSWERS = {
  helps: 'Synthetic patients helped',
  harms: 'Synthetic patients did harm',
  'no difference shown': 'No difference shown',
  'too few splits': 'Too few splits for a verdict',
} as const;

function verdictsMarkup(summary: Summary): Markup {
  const cards = summary.verdicts.map(({ dataset, answer, headline, sentences }) => {
    const kind = answer === 'helps' || answer === 'harms' ? answer : 'open';
    return html`<article class="verdict ${kind}">
<h3>${titleOf(summary, dataset)}</h3>
<p class="answer">${ANSWERS[answer]}</p>
<p class="headline">${unbroken(headline)}</p>
${
  sentences.length > 0 &&
  html`<ul>
${sentences.map(sentenceMarkup)}</ul>
`
}</article>
`;
  });
  return html`<p>Differences are on the same splits. A p-value says how often chance alone would give so large a difference; a large one is no proof of equality. The best method is named after looking at all of them, which flatters it. Of the rows, an excess MMD² of 0 means as near to unseen patients as other real patients are (the floor); a nearest-record ratio of 1 means no nearer to the training patients than unseen patients are, far below 1 means copying.</p>
${cards}${
  summary.overall.length > 0 &&
  html`<h3>Over all data sets</h3>
<ul class="overall">
${summary.overall.map(sentenceMarkup)}</ul>
`
}`;
}

/** The first sentence is the conclusion. */
function sentenceMarkup(sentence: string): Markup {
  const end = sentence.indexOf('. ') + 1;
  return html`<li><strong>${unbroken(sentence.slice(0, end))}</strong>${unbroken(sentence.slice(end))}</li>
`;
}
