/** The report of an audit as one HTML file that needs nothing else: no network, no script. */
import type { Audit } from '../audit/audit.js';
import { InputError } from '../errors.js';
import { classifierName, counted, fixed } from '../study/words.js';
import { fairnessSection, likenessSection } from './audit-groups.js';
import { privacySection, VERDICT_WORDS } from './audit-privacy.js';
import { ADVICE_WORDS, worthSection } from './audit-worth.js';
import type { Markup } from './html.js';
import { html } from './html.js';
import { renderPage, type Section } from './page.js';
import { notesMarkup } from './table-html.js';

export interface AuditFile {
  readonly name: string;
  readonly sha256: string;
}

export interface AuditFiles {
  readonly real: AuditFile;
  readonly synthetic: AuditFile;
  readonly holdout: AuditFile | null;
}

/** `document` draws the figures: the page's own in a browser; elsewhere the caller passes one. */
export function renderAudit(
  audit: Audit,
  files: AuditFiles,
  notes: readonly string[],
  document: Document | undefined = globalThis.document,
): string {
  if (!document) throw new InputError('"document" expected a document to draw figures into, got none: pass one outside a browser');
  const sections = sectionsOf(audit, files, notes, document);
  const title = `Audit of synthetic patients: ${files.synthetic.name}`;
  return renderPage({
    title,
    skip: 'Skip to the findings',
    lead: leadMarkup(audit, files),
    sections,
    foot: html`<p>Written by synthward ${audit.version}. The page holds no patient’s record, only what was measured, and loads nothing from anywhere. An audit measures what these attacks find; it is no legal advice and no proof of anonymity.</p>`,
  });
}

function leadMarkup({ privacy, target, fidelity, utility }: Audit, files: AuditFiles): Markup {
  const against = files.holdout
    ? `and against ${files.holdout.name}, real patients whom the generator never saw`
    : 'alone: no real patients were held out from the generator';
  return html`<p class="lead">May these synthetic rows leave the house, do they stand for the patients they imitate, and are they worth using? They were compared with ${files.real.name}, from which they were made, ${against}. The outcome is ${target.column} = ${target.positive}.</p>
<ul class="answers">
<li><strong>Privacy: ${VERDICT_WORDS[privacy.verdict].toLowerCase()}.</strong> ${shortReason(privacy)}</li>
${fidelity && html`<li><strong>Likeness:</strong> ${likenessWords(fidelity)}</li>`}
${
  utility
    ? utility.map(
        ({ classifier, advice }) => html`<li><strong>Worth, ${classifierName(classifier)}:</strong> ${ADVICE_WORDS[advice]}.</li>
`,
      )
    : html`<li><strong>Worth and fairness:</strong> not judged without held-out patients.</li>`
}
</ul>
`;
}

function likenessWords({ whole: { excess }, detection }: NonNullable<Audit['fidelity']>): string {
  if (!excess || !Number.isFinite(excess.low)) return 'insufficient evidence: too few real minority rows to compare with.';
  if (excess.low > 0) return 'the synthetic minority is less like real patients than other real patients are.';
  if (detection && detection.excess.low > 0)
    return `column by column no difference is shown, but a classifier tells the synthetic minority from real patients (AUROC ${fixed(detection.auc.value, 2)}) better than real patients from one another (${fixed(detection.floor.value, 2)}).`;
  return 'no difference shown between the synthetic minority’s columns and those of other real patients.';
}

/** What decided. */
function shortReason({ verdict, checks }: Audit['privacy']): string {
  if (verdict === 'pass') return 'Every attack was tried, and a risk above the limit is ruled out for each.';
  const deciding = checks.filter(({ result }) => result === verdict).map(({ title }) => title.toLowerCase());
  return verdict === 'fail' ? `Failed: ${deciding.join(', ')}.` : `Not settled: ${deciding.join(', ')}.`;
}

function sectionsOf(audit: Audit, files: AuditFiles, notes: readonly string[], document: Document): Section[] {
  return [
    { id: 'privacy', title: 'Privacy', body: privacySection(audit) },
    { id: 'fidelity', title: 'Likeness to real patients', body: likenessSection(audit) },
    { id: 'worth', title: 'Worth for prediction, and trust in predicted risks', body: worthSection(audit, document) },
    { id: 'fairness', title: 'Fairness between groups', body: fairnessSection(audit) },
    { id: 'record', title: 'Record of this audit', body: recordMarkup(audit, files, notes) },
  ];
}

function recordMarkup(audit: Audit, files: AuditFiles, notes: readonly string[]): Markup {
  const part = (name: string, file: AuditFile | null, facts: Audit['holdout']) => {
    if (!file || !facts) return html`<dt>${name}</dt><dd>none given</dd>`;
    const patients = facts.patients === null || !audit.grouped ? '' : ` of ${counted(facts.patients, 'patient')}`;
    return html`<dt>${name}</dt><dd>${file.name}: ${counted(facts.rows, 'row')}${patients}, ${facts.positives} with ${audit.target.column} = ${audit.target.positive}; sha256 <code>${file.sha256}</code></dd>`;
  };
  return html`<dl class="facts">
${part('Real table', files.real, audit.real)}
${part('Synthetic table', files.synthetic, audit.synthetic)}
${part('Held-out table', files.holdout, audit.holdout)}
<dt>Columns compared</dt><dd>${audit.columns}</dd>
<dt>Seed</dt><dd>${audit.seed}: the same command with the same files gives the same numbers</dd>
</dl>
${notes.length > 0 && html`<h3>Notes of reading</h3>${notesMarkup(notes)}`}`;
}
