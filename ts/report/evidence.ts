/** The evidence of a run as one HTML page that needs nothing else. */
import type { Evidence } from '../audit/evidence.js';
import { balanceWords, type CardEntry, type CardSection, nameOf, type Source } from '../audit/evidence-cards.js';
import { html, type Markup } from './html.js';
import { renderPage } from './page.js';

const SOURCES: Readonly<Record<Source, string>> = { run: 'From the run', software: 'Of the software', user: 'User' };

const own = `.chain code { display: block; min-width: 17rem; font-size: .8rem; } .open td:last-child { color: var(--soft); } td.text p { margin: .2rem 0; } .todo { color: var(--harms); font-weight: 600; }
.evidence td:nth-child(3) { max-width: 44rem; overflow-wrap: anywhere; } @media (min-width: 36.01rem) { .evidence th { min-width: 7rem; } }`;

const TRIPOD_SOURCE = html`<p>Numbers and topics are those of the checklist (BMJ 2024;385:e078378, tripod-statement.org); what an item asks for is shortened behind the colon. Fill in the published checklist, which says it in full.</p>
`;
const GMLP_SOURCE = html`<p>The titles of the ten guiding principles of October 2021; each has a paragraph of its own there. IMDRF’s document N88 of January 2025 takes the ten up, some in other words.</p>
`;

export function renderEvidence(evidence: Evidence): string {
  const { run, audit, chain } = evidence;
  const title = `Evidence: ${run.added} synthetic rows for ${nameOf(run.input)}`;
  const sections: readonly (readonly [string, string, Markup])[] = [
    ['use', 'Intended use and limits', useMarkup(evidence)],
    ['run', 'What was generated, by what, from what', runMarkup(evidence)],
    ['chain', 'Chain of checksums', chainMarkup(evidence)],
    ['card', 'Model card', cardMarkup('card', 'Model card, after Mitchell et al. 2019', evidence.model_card)],
    ['datasheet', 'Datasheet', cardMarkup('datasheet', 'Datasheet, after Gebru et al. 2021', evidence.datasheet)],
    ['tripod', 'TRIPOD+AI', html`${TRIPOD_SOURCE}${cardMarkup('tripod', 'Items of TRIPOD+AI (Collins et al. 2024)', evidence.tripod_ai)}`],
    [
      'gmlp',
      'Good Machine Learning Practice',
      html`${GMLP_SOURCE}${cardMarkup('gmlp', 'Guiding principles of FDA, Health Canada and MHRA (2021)', evidence.gmlp)}`,
    ],
  ];
  const verdict =
    audit === null
      ? 'No audit of the output is part of this evidence.'
      : `Privacy of the output, as the audit ${nameOf(audit)} says: ${audit.verdict}.`;
  const lead = html`<p class="lead">Made by synthward ${run.version} with ${run.method}, seed ${run.seed}, on ${run.created.slice(0, 10)}. ${verdict}</p>
<p>What an entry says comes from the run, or is a property of the software; what neither knows is left open: <span class="todo">to be completed by the user</span>.</p>
`;
  return renderPage({
    title,
    styles: own,
    skip: 'Skip to the intended use',
    lead,
    sections: sections.map(([id, heading, body]) => ({ id, title: heading, body })),
    foot: html`<p>Written by synthward ${run.version}; the last link before this page’s own is <code>${chain[chain.length - 1]?.link}</code>. The page holds no patient’s record and loads nothing from anywhere.</p>`,
  });
}

const listMarkup = (sentences: readonly string[]): Markup => html`<ul>
${sentences.map(
  (sentence) => html`<li>${sentence}</li>
`,
)}</ul>
`;

const useMarkup = ({ intended_use, limits }: Evidence): Markup => html`<h3>Intended use</h3>
${listMarkup(intended_use)}<h3>Limits</h3>
${listMarkup(limits)}`;

function runMarkup({ run }: Evidence): Markup {
  const facts: readonly (readonly [string, string])[] = [
    ['Written', run.created],
    ['Input', `${run.input.file}, ${run.input.rows} rows, ${run.input.positives} with ${run.target} = ${run.positive}`],
    ['Schema', run.schema?.file ?? 'none'],
    ['Method', `${run.method}, seed ${run.seed}`],
    ['Options', JSON.stringify(run.options)],
    ['Asked for', 'ratio' in run.asked ? `minority ÷ majority = ${run.asked.ratio}` : `${run.asked.count} rows`],
    ...(run.balance === null ? [] : [['Groups', balanceWords(run.balance).trim()] as const]),
    [
      'Computed by',
      `synthward ${run.version}, ${run.backend} (${run.variant})${run.device === null ? '' : `, ${run.device}`}, ${run.engine}`,
    ],
    ['Model', run.model?.file ?? 'not kept'],
    ['Output', `${run.output.file}, ${run.added} synthetic rows${run.only_synthetic ? ' alone' : ' behind the real ones'}`],
  ];
  return html`<dl class="facts">
${facts.map(
  ([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>
`,
)}</dl>
`;
}

const chainMarkup = ({
  chain,
}: Evidence): Markup => html`<p>Each link is the SHA-256 of the link before, the name of the step and its checksum. The last one, of this page, stands in evidence.json. <code>synthward verify evidence.json</code> computes all of it again and fails where a byte is another one.</p>
<div class="table whole chain"><div class="scroll" role="region" tabindex="0" aria-labelledby="chain-caption"><table>
<caption id="chain-caption"><span>From the input to the output</span></caption>
<thead><tr><th scope="col">Step</th><th scope="col">File</th><th scope="col">SHA-256</th><th scope="col">Link</th></tr></thead>
<tbody>
${chain.map(
  ({
    step,
    file,
    sha256,
    link,
  }) => html`<tr><th scope="row">${step}</th><td>${file ?? 'in evidence.json'}</td><td><code>${sha256}</code></td><td><code>${link}</code></td></tr>
`,
)}</tbody></table></div></div>
`;

function cardMarkup(id: string, caption: string, sections: readonly CardSection[]): Markup {
  return html`<div class="table whole evidence"><div class="scroll" role="region" tabindex="0" aria-labelledby="${id}-caption"><table>
<caption id="${id}-caption"><span>${caption}</span></caption>
<thead><tr><th scope="col">Entry</th><th scope="col">Source</th><th scope="col">What it says</th></tr></thead>
${sections.map(
  ({ title, entries }) => html`<tbody>
<tr class="group"><th scope="rowgroup" colspan="3"><span>${title}</span></th></tr>
${entries.map(
  (
    entry,
  ) => html`<tr><th scope="row">${entry.item} ${entry.title}</th><td>${SOURCES[entry.from]}</td><td class="text">${textOf(entry)}</td></tr>
`,
)}</tbody>
`,
)}</table></div></div>
`;
}

/** What is left for the user stands out. */
function textOf({ from, text, open }: CardEntry): Markup {
  if (from === 'user') return html`<span class="todo">${text}</span>`;
  return html`${text}${open && html` <span class="todo">The rest is to be completed by the user.</span>`}`;
}
