/**
 * What a model card (Mitchell et al. 2019) and a datasheet (Gebru et al. 2021) say of a run. An entry comes from the run, or is a property
 * of the software, or is the user's to complete: nothing is made up.
 */
import type { EvidenceAudit, EvidenceBalance, EvidenceFile, EvidenceRun } from './evidence.js';

/** Where a text comes from; `user`: it is to be completed by the user. */
export type Source = 'run' | 'software' | 'user';

export interface CardEntry {
  /** Its number in the publication, or nothing. */
  readonly item: string;
  readonly title: string;
  readonly from: Source;
  readonly text: string;
  /** Whether the user has to add to it. */
  readonly open: boolean;
}

export interface CardSection {
  readonly title: string;
  readonly entries: readonly CardEntry[];
}

export type Audit = EvidenceAudit | null;

const TO_COMPLETE = 'To be completed by the user.';

export const ofRun = (item: string, title: string, text: string, open = false): CardEntry => ({ item, title, from: 'run', text, open });
export const ofSoftware = (item: string, title: string, text: string, open = false): CardEntry => ({
  item,
  title,
  from: 'software',
  text,
  open,
});
export const ofUser = (item: string, title: string): CardEntry => ({ item, title, from: 'user', text: TO_COMPLETE, open: true });

const section = (title: string, ...entries: CardEntry[]): CardSection => ({ title, entries });
const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)}%`;
const listed = (list: readonly string[]): string => (list.length > 0 ? list.join(', ') : 'none');
const named = (r: EvidenceRun, role: string): string[] => r.columns.filter((c) => c.role === role).map(({ name }) => name);

/** The name without the way to it. */
export const nameOf = ({ file }: Pick<EvidenceFile, 'file'>): string => file.slice(file.lastIndexOf('/') + 1);

/** " Balanced by sex: f had 12 to 80 others, 68 of 68 rows drawn; …" */
export const balanceWords = ({ columns, groups }: EvidenceBalance): string =>
  ` Balanced by ${columns.join(' and ')}: ${groups
    .map(
      ({ levels, positives, negatives, asked, drawn }) =>
        `${levels.map((level) => (level === '' ? 'missing' : level)).join(', ')} had ${positives} to ${negatives} others, ${drawn} of ${asked} rows drawn`,
    )
    .join('; ')}.`;

/** Sentences about a run that several entries need. */
export function factsOf(r: EvidenceRun) {
  const { input, added } = r;
  const negatives = input.rows - input.positives;
  const outcome = `${r.target} = ${r.positive}`;
  const gaps = r.columns.filter((c) => c.role === 'feature' && c.missing > 0);
  const simulated = input.simulated ? '; its schema says that the rows are simulated, not patients' : '';
  const rest = r.only_synthetic ? '' : `the ${input.rows} rows of the input and `;
  return {
    outcome,
    input: `${nameOf(input)}: ${input.rows} rows, ${input.positives} with ${outcome} (${share(input.positives, input.rows)})${simulated}.`,
    output: `${nameOf(r.output)}: ${rest}${added} synthetic rows with ${outcome}${r.only_synthetic ? '' : ', marked 1 in the column "synthetic"'}.`,
    balance: `Minority to majority was ${(input.positives / negatives).toFixed(3)} and is ${((input.positives + added) / negatives).toFixed(3)} with ${added} synthetic rows.${r.balance === null ? '' : balanceWords(r.balance)}`,
    maker: `synthward ${r.version}, method ${r.method}, seed ${r.seed}, ${r.backend} (${r.variant})${r.device === null ? '' : ` on ${r.device}`}, ${r.engine}.`,
    options: `Options: ${JSON.stringify(r.options)}.`,
    predictors: `Learnt from: ${listed(named(r, 'feature'))}. Left out: ${listed(named(r, 'left out'))}.`,
    missing:
      gaps.length === 0
        ? 'No cell of a column that was learnt from is missing.'
        : `Missing cells of the columns that were learnt from: ${gaps.map((c) => `${c.name} ${c.missing}`).join(', ')}, of ${input.rows} rows.`,
    group:
      r.group === null
        ? 'No column tells which rows are of one patient.'
        : `Rows are grouped by ${r.group}; each synthetic row is a patient of its own.`,
    model: r.model === null ? 'The model was not kept in a file.' : `${nameOf(r.model)} holds ${r.holds}.`,
    constraints:
      r.constraints === 0 ? 'No constraints were declared.' : `${r.constraints} constraints were declared; every synthetic row keeps them.`,
    warnings: r.warnings.length === 0 ? 'The run gave no warnings.' : `The run warned: ${r.warnings.join('; ')}.`,
  };
}

export const auditSentence = (audit: Audit): string =>
  audit === null
    ? 'No audit of the output is part of this evidence.'
    : `The audit ${nameOf(audit)} (synthward ${audit.version}) says of the privacy of the output: ${audit.verdict}.`;

export function intendedUse(r: EvidenceRun): string[] {
  return [
    `The synthetic rows are meant to be added to the training part of a table, so that models which predict ${factsOf(r).outcome} see the rare class more often.`,
    'They are meant for developing and comparing such models, never for decisions about a person.',
  ];
}

const NO_PROMISE = 'No differential privacy is claimed, and synthetic rows can lie near real ones.';

export function limits(r: EvidenceRun, audit: Audit): string[] {
  const left = named(r, 'left out');
  return [
    'A synthetic row is no patient: it proves nothing about prevalence, effects or single persons.',
    `All ${r.input.rows} rows of the input were learnt from. Neither they nor the synthetic rows can test a model that was trained on the output.`,
    'Added rows change the prior: probabilities of a model that was trained on them have to be corrected to the real one, and whether they help at all has to be measured on real rows that were held out.',
    `What the ${r.input.positives} rows with ${factsOf(r).outcome} do not show, the synthetic rows do not show either; errors and bias of the real rows are carried on.`,
    NO_PROMISE,
    auditSentence(audit),
    ...(left.length > 0 ? [`Columns that were not learnt from are empty in synthetic rows: ${listed(left)}.`] : []),
    ...(r.variant === 'relaxed' || r.device !== null ? ['The last digits depend on the machine: elsewhere the bytes may differ.'] : []),
    ...r.warnings,
  ];
}

export function modelCard(r: EvidenceRun, audit: Audit): CardSection[] {
  const f = factsOf(r);
  return [
    section(
      'Model details',
      ofRun('', 'Version, kind and parameters', `${f.maker} ${f.options}`),
      ofRun('', 'File', f.model),
      ofUser('', 'Responsible persons, licence, contact'),
    ),
    section('Intended use', ofSoftware('', 'Primary uses and uses out of scope', intendedUse(r).join(' '), true)),
    section('Factors', ofRun('', 'Columns', f.predictors, true), ofUser('', 'Groups of patients, instruments, environments')),
    section('Metrics', ofRun('', 'Release gate', auditSentence(audit), true)),
    section('Evaluation data', ofUser('', 'Real patients who were held out')),
    section('Training data', ofRun('', 'Table', `${f.input} ${f.group}`)),
    section('Quantitative analyses', ofUser('', 'Results overall and by group')),
    section('Ethical considerations', ofSoftware('', 'Privacy', NO_PROMISE, true)),
    section('Caveats and recommendations', ofRun('', 'Of this run', f.warnings, true)),
  ];
}

export function datasheet(r: EvidenceRun, audit: Audit): CardSection[] {
  const f = factsOf(r);
  const guard = r.only_synthetic
    ? 'The file holds no row of the input.'
    : 'The file holds every row of the input: it is as confidential as that.';
  const schema =
    r.schema === null ? 'No schema was given: kinds of columns were inferred.' : `Kinds of columns as ${nameOf(r.schema)} declares them.`;
  return [
    section('Motivation', ofSoftware('', 'Purpose', intendedUse(r)[0] as string, true), ofUser('', 'Creators and funding')),
    section(
      'Composition',
      ofRun('', 'Rows', f.output),
      ofRun('', 'Columns', r.columns.map(({ name, role, kind }) => `${name} (${role}, ${kind})`).join(', ')),
      ofRun('', 'Label', `${r.target}; the positive value is ${r.positive}.`),
      ofRun('', 'Missing values', f.missing),
      ofRun('', 'Relations between rows', f.group),
      ofUser('', 'Recommended splits'),
      ofRun('', 'Errors, noise, redundancies', f.warnings, true),
      ofRun('', 'Confidentiality', `${guard} ${auditSentence(audit)}`, true),
    ),
    section(
      'Collection process',
      ofRun('', 'How synthetic rows were made', f.maker),
      ofUser('', 'How real rows were collected: when, by whom, with what consent and ethical review'),
    ),
    section('Preprocessing', ofRun('', 'What was done', `${schema} ${f.constraints}`, true)),
    section('Uses', ofSoftware('', 'Uses to avoid', limits(r, audit).slice(0, 3).join(' '), true), ofUser('', 'Earlier uses')),
    section('Distribution', ofUser('', 'To whom, under which licence and terms')),
    section('Maintenance', ofUser('', 'By whom; how errors are reported; how long it is kept')),
  ];
}
