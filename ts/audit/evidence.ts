/**
 * The evidence of a run of `augment`: what was generated, by what, from what, as a chain of checksums from the input to the output, with the
 * cards and tables that regulators and journals ask for. evidence-cards.ts and evidence-tables.ts fill those.
 */
import { InputError } from '../errors.js';
import { field, items, orNull, type Place, parsed, text } from '../store/fields.js';
import { type CardSection, datasheet, intendedUse, limits, modelCard } from './evidence-cards.js';
import { gmlp, tripod } from './evidence-tables.js';

const EVIDENCE_FORMAT = 'synthward-evidence-1';

/** A file by its place, seen from the evidence's folder, and the checksum of its bytes. */
export interface EvidenceFile {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

type Placed = Pick<EvidenceFile, 'file' | 'sha256'>;

/** A column of the table that was learnt from; no values. */
export interface EvidenceColumn {
  readonly name: string;
  readonly role: 'feature' | 'target' | 'group' | 'left out';
  readonly kind: string;
  readonly missing: number;
}

/** What rows were balanced by, and for each of its groups how many rows there were, were asked for and were drawn. */
export interface EvidenceBalance {
  readonly columns: readonly string[];
  readonly groups: readonly {
    /** Of each of the columns, '' where missing. */
    readonly levels: readonly string[];
    readonly negatives: number;
    readonly positives: number;
    readonly asked: number;
    readonly drawn: number;
  }[];
}

/** Everything that the run was told, and what came of it; plain data. */
export interface EvidenceRun {
  readonly command: 'augment';
  readonly version: string;
  readonly created: string;
  readonly engine: string;
  readonly input: EvidenceFile & { readonly rows: number; readonly positives: number; readonly simulated: boolean };
  readonly schema: EvidenceFile | null;
  /** How the table was read, where the schema does not say it. */
  readonly reading: object;
  readonly columns: readonly EvidenceColumn[];
  readonly target: string;
  readonly positive: string;
  readonly group: string | null;
  readonly method: string;
  readonly options: object;
  readonly seed: number;
  readonly backend: string;
  readonly variant: string;
  readonly device: string | null;
  readonly asked: { readonly ratio: number } | { readonly count: number };
  /** Null where the rows were drawn as the model has them. */
  readonly balance: EvidenceBalance | null;
  readonly added: number;
  readonly only_synthetic: boolean;
  readonly constraints: number;
  /** What the model's file holds of the patients; null where none was kept. */
  readonly holds: string | null;
  readonly model: EvidenceFile | null;
  readonly output: EvidenceFile;
  readonly warnings: readonly string[];
}

/** What an audit of the output has found. */
export interface EvidenceAudit extends EvidenceFile {
  readonly verdict: string;
  readonly version: string;
}

export interface ChainLink {
  readonly step: 'input' | 'schema' | 'parameters' | 'model' | 'output' | 'audit' | 'document' | 'page';
  /** Null of what stands in the evidence itself. */
  readonly file: string | null;
  readonly sha256: string;
  /** SHA-256 of the link before, the step and its checksum, a line each. */
  readonly link: string;
}

export interface EvidenceDocument {
  readonly intended_use: readonly string[];
  readonly limits: readonly string[];
  readonly model_card: readonly CardSection[];
  readonly datasheet: readonly CardSection[];
  readonly tripod_ai: readonly CardSection[];
  readonly gmlp: readonly CardSection[];
}

export interface Evidence extends EvidenceDocument {
  readonly format: typeof EVIDENCE_FORMAT;
  readonly run: EvidenceRun;
  readonly audit: EvidenceAudit | null;
  /** The same as a page; null while it is not made. */
  readonly page: Placed | null;
  readonly chain: readonly ChainLink[];
}

export async function sha256(content: Uint8Array | string): Promise<string> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Fills the cards and tables. The chain ends with them; {@link withPage} closes it. */
export async function evidenceOf(run: EvidenceRun, audit: EvidenceAudit | null): Promise<Evidence> {
  const document: EvidenceDocument = {
    intended_use: intendedUse(run),
    limits: limits(run, audit),
    model_card: modelCard(run, audit),
    datasheet: datasheet(run, audit),
    tripod_ai: tripod(run, audit),
    gmlp: gmlp(run, audit),
  };
  return { format: EVIDENCE_FORMAT, run, audit, ...document, page: null, chain: await chainOf(run, audit, document, null) };
}

/** The same with the page that was made of it as the last link: the page shows the links before its own. */
export async function withPage(evidence: Evidence, { file, sha256 }: EvidenceFile): Promise<Evidence> {
  const { format, run, audit, page: _, chain: __, ...document } = evidence;
  const page = { file, sha256 };
  return { format, run, audit, ...document, page, chain: await chainOf(run, audit, document, page) };
}

async function chainOf(run: EvidenceRun, audit: EvidenceAudit | null, document: object, page: Placed | null): Promise<ChainLink[]> {
  const steps: Omit<ChainLink, 'link'>[] = [
    stepOf('input', run.input),
    ...(run.schema ? [stepOf('schema', run.schema)] : []),
    { step: 'parameters', file: null, sha256: await sha256(JSON.stringify(run)) },
    ...(run.model ? [stepOf('model', run.model)] : []),
    stepOf('output', run.output),
    ...(audit ? [stepOf('audit', audit)] : []),
    { step: 'document', file: null, sha256: await sha256(JSON.stringify({ audit, ...document })) },
    ...(page ? [stepOf('page', page)] : []),
  ];
  const chain: ChainLink[] = [];
  let before = '';
  for (const step of steps) {
    before = await sha256(`${before}\n${step.step}\n${step.sha256}`);
    chain.push({ ...step, link: before });
  }
  return chain;
}

const stepOf = (step: ChainLink['step'], { file, sha256 }: Placed): Omit<ChainLink, 'link'> => ({ step, file, sha256 });

export const evidenceText = (evidence: Evidence): string => `${JSON.stringify(evidence, null, 1)}\n`;

/** The last link, which stands for all. */
export const headOf = ({ chain }: Pick<Evidence, 'chain'>): string => (chain[chain.length - 1] as ChainLink).link;

/**
 * Reads an evidence file and recomputes its chain. Throws {@link InputError} where a byte of it, or of a file that it names, is another one.
 * `bytesOf` reads such a file; `name` is the evidence's own in messages.
 */
export async function checkEvidence(content: string, name: string, bytesOf: (file: string) => Uint8Array): Promise<Evidence> {
  const place = parsed(content, name);
  if (field(place, 'format').value !== EVIDENCE_FORMAT)
    throw new InputError(`"${name}" expected an evidence file (${EVIDENCE_FORMAT}), got another one; name what augment --evidence wrote`);
  const evidence = place.value as Evidence;
  const steps = items(field(place, 'chain')).map((link) => ({
    file: orNull(field(link, 'file'), text),
    sha256: text(field(link, 'sha256')),
    step: text(field(link, 'step')),
  }));
  if (evidenceText(evidence) !== content) throw changed(name, 'its own text was written anew');
  const again = await chainAgain(place);
  if (JSON.stringify(again) !== JSON.stringify(evidence.chain)) throw changed(name, 'its own text does not fit its checksums');
  for (const { file, sha256: said, step } of steps) {
    if (file === null) continue;
    const found = await sha256(bytesOf(file));
    if (found !== said)
      throw changed(name, `the ${step} ${file} is not what it was (its SHA-256 is ${found.slice(0, 12)}…, not ${said.slice(0, 12)}…)`);
  }
  return evidence;
}

/** The chain of what the file says now. */
function chainAgain(place: Place): Promise<ChainLink[]> {
  const fileAt = (at: Place): EvidenceFile => {
    text(field(at, 'file'));
    text(field(at, 'sha256'));
    return at.value as EvidenceFile;
  };
  const run = field(place, 'run');
  for (const name of ['input', 'output']) fileAt(field(run, name));
  for (const name of ['schema', 'model']) orNull(field(run, name), fileAt);
  const { run: own, audit: _, format: __, page: ___, chain: ____, ...document } = place.value as Evidence;
  return chainOf(own, orNull(field(place, 'audit'), fileAt) as EvidenceAudit | null, document, fileAt(field(place, 'page')));
}

const changed = (name: string, what: string): InputError =>
  new InputError(`${name} does not hold: ${what}; take the originals, or make the evidence again`);

/** What an audit's file says of the run's output. Throws {@link InputError} where it is of other tables. */
export async function auditOf(content: Uint8Array, file: string, { run }: Pick<Evidence, 'run'>): Promise<EvidenceAudit> {
  const place = parsed(new TextDecoder().decode(content), file);
  const files = field(place, 'files');
  const tables = [['real', run.input] as const, ['synthetic', run.output] as const];
  for (const [part, own] of tables) {
    const found = text(field(field(files, part), 'sha256'));
    if (found !== own.sha256) throw new InputError(`${file} is the audit of another ${part} table than ${own.file}; audit that one`);
  }
  const verdict = text(field(field(place, 'privacy'), 'verdict'));
  return { file, sha256: await sha256(content), bytes: content.length, verdict, version: text(field(place, 'version')) };
}
