/** A fitted generator as a file, and back: what `train` writes and `sample` reads. The method's own part is in its codec. */
import type { Backend } from './backend/backend.js';
import { InputError } from './errors.js';
import { type Acceptance, drawHeld } from './generate/constrained.js';
import type { SamplingOptions } from './generate/diffusion-options.js';
import type { ModelCodec, Opening, Run, Sampler } from './generate/generator.js';
import type { Stream } from './random.js';
import { field, integer, items, number, oneOf, orNull, type Place, text } from './store/fields.js';
import { type ReadModel, readModel, unknownMethod, writeModel } from './store/model.js';
import { parseConstraints } from './table/constraint-form.js';
import { type Constraint, settledConstraints } from './table/constraints.js';
import { isTargetValue, type OutlineColumn, outlinedFeatures, outlinedTable, outlineOfDataset } from './table/outline.js';
import type { Dataset, Table } from './table/table.js';
import { VERSION } from './version.js';

type Opener = (read: ReadModel, setting: Opening) => Promise<Sampler>;

const opener =
  <Model>(load: () => Promise<ModelCodec<Model>>): Opener =>
  async (read, setting) => {
    const codec = await load();
    return codec.samplerOf(codec.open(read, setting));
  };

/** Each codec is loaded when a file of its method is opened. */
const OPENERS: Readonly<Record<string, Opener>> = {
  tabddpm: opener(async () => (await import('./generate/tabddpm-codec.js')).tabddpmCodec),
  'tabddpm-joint': opener(async () => (await import('./generate/conditional-codec.js')).jointCodec),
  'tabddpm-partial': opener(async () => (await import('./generate/conditional-codec.js')).partialCodec),
  copula: opener(async () => (await import('./generate/copula-codec.js')).copulaCodec),
  rose: opener(async () => (await import('./generate/rose.js')).roseCodec),
  smote: opener(async () => (await import('./generate/smote.js')).smoteCodec),
  borderline: opener(async () => (await import('./generate/borderline.js')).borderlineCodec),
  adasyn: opener(async () => (await import('./generate/adasyn.js')).adasynCodec),
  random: opener(async () => (await import('./generate/random.js')).randomCodec),
};

/** Methods whose models are kept in files. */
export const KEPT: readonly string[] = Object.keys(OPENERS);

/** Methods whose files classifier-model.ts opens. */
const CLASSIFIERS: readonly string[] = ['rf', 'xgb'];

/** Throws {@link InputError} for a method whose models are not kept in files: before it is fitted. */
export function checkKept(method: string): void {
  if (Object.hasOwn(OPENERS, method)) return;
  throw new InputError(`models of ${method} are not kept in files; draw its rows with augment, or choose ${KEPT.join(', ')}`);
}

export interface SaveOptions {
  /** The seed of the stream that the model was fitted with. */
  readonly seed?: number | undefined;
  /** The table that the data set was taken from; without it drawn rows have the features and the target. */
  readonly outline?: readonly OutlineColumn[] | undefined;
  /** What drawn rows are held to. */
  readonly constraints?: readonly Constraint[] | undefined;
}

/** The bytes of a model file. Throws {@link InputError} for a method whose models are not kept in files. */
export function saveModel(sampler: Sampler, dataset: Dataset, { seed, outline, constraints }: SaveOptions = {}): Uint8Array {
  if (!sampler.save) throw new InputError('models of this method are not kept in files; draw the rows in the same run');
  const columns = outline ?? outlineOfDataset(dataset);
  const { column, positive, negative } = dataset.target;
  const { steps, losses, kept } = sampler.history;
  return writeModel(sampler.save(), {
    version: VERSION,
    seed: seed ?? null,
    target: { column, positive, negative: isTargetValue(columns, negative) ? negative : null },
    columns,
    ...(constraints && { constraints }),
    training: {
      rows: dataset.y.length,
      positives: dataset.y.reduce((sum, y) => sum + y, 0),
      steps: steps.at(-1) ?? 0,
      loss: losses.at(-1) ?? null,
      kept: kept ?? null,
      warnings: sampler.warnings ?? [],
    },
  });
}

/** How rows are to be drawn; what is left out is as the model was told when it was fitted. */
export interface DrawOptions {
  /** A value of the target; the positive one where it is left out. */
  readonly label?: string | undefined;
  readonly sampling?: Partial<SamplingOptions> | undefined;
  /** Told how many of the rows drawn held the constraints, where there are any. */
  readonly onHeld?: ((acceptance: Acceptance) => void) | undefined;
}

export interface OpenedModel {
  readonly method: string;
  /** The version of synthward that wrote it. */
  readonly version: string;
  readonly seed: number | null;
  /** What the file holds of the real patients, as a sentence. */
  readonly holds: string;
  readonly target: { readonly column: string; readonly positive: string; readonly negative: string | null };
  /** What whoever uses the rows should know, as sentences. */
  readonly warnings: readonly string[];
  readonly outline: readonly OutlineColumn[];
  readonly constraints: readonly Constraint[];
  /** T of a diffusion model. */
  readonly timesteps: number | null;
  readonly sampler: Sampler;
  /** `count` rows with the columns of the table that was learnt from. */
  draw(count: number, stream: Stream, run: Run, options?: DrawOptions): Promise<Table>;
}

/** Opens a model file; `file` is its name in messages. Throws {@link InputError} for what is no such file, or is not whole. */
export async function openModel(bytes: Uint8Array, backend: Backend, file = 'the model file'): Promise<OpenedModel> {
  const read = readModel(bytes, file);
  const open = Object.hasOwn(OPENERS, read.method) ? OPENERS[read.method] : undefined;
  if (CLASSIFIERS.includes(read.method))
    throw new InputError(
      `${file} holds a classifier (${read.method}), which draws no rows; predict with it: "classify --model", or open it as a classifier`,
    );
  if (!open) throw unknownMethod(read, KEPT);
  const outline = openOutline(read);
  const target = openTarget(read);
  const constraints = openConstraints(read, outline); // after the target, which it relies on
  const sampler = await open(read, { special: backend.special, features: outlinedFeatures(outline) });
  return {
    method: read.method,
    version: read.version,
    seed: orNull(read.seed, (place) => integer(place, 0, Number.MAX_SAFE_INTEGER)),
    holds: read.holds,
    target,
    outline,
    constraints,
    warnings: items(field(read.training, 'warnings')).map(text),
    timesteps: sampler.sampleBy ? integer(field(read.options, 'timesteps'), 1, Number.MAX_SAFE_INTEGER) : null,
    sampler,
    draw: (...how) => drawOutlined({ method: read.method, target, sampler, outline, constraints }, ...how),
  };
}

/** The constraints of a file, which its columns must bear out. */
function openConstraints({ constraints, target: { value } }: ReadModel, outline: readonly OutlineColumn[]): Constraint[] {
  const { rows, columns } = outlinedFeatures(outline);
  const parsed = parseConstraints(constraints.value, constraints.path);
  const { column, positive, negative } = value as { column: string; positive: string; negative: string | null };
  const levels = [positive, ...(negative === null ? [] : [negative])];
  const target = { name: column, kind: 'categorical' as const, levels, codes: new Int32Array(0) };
  return settledConstraints(
    parsed,
    { rows, columns: [...columns, target] },
    outline.map(({ name }) => name),
  );
}

/** What rows are drawn from. */
export interface Drawing extends Pick<OpenedModel, 'method' | 'target' | 'sampler' | 'outline'> {
  readonly constraints?: readonly Constraint[] | undefined;
}

/** Draws rows, holds them to the constraints, and puts them into the outline of the table that was learnt from. */
export async function drawOutlined(
  { method, target, sampler, outline, constraints = [] }: Drawing,
  count: number,
  stream: Stream,
  run: Run,
  { label = target.positive, sampling, onHeld }: DrawOptions = {},
): Promise<Table> {
  const draw = (rows: number, own: Stream) => drawLabel(sampler, classOf(label, target, sampler, method), sampling, rows, own, run);
  if (constraints.length === 0) return outlinedTable(outline, await draw(count, stream), label);
  const held = await drawHeld(draw, count, stream, { constraints, target: target.column, label });
  onHeld?.(held);
  return outlinedTable(outline, held.table, label);
}

/** 1 for the positive value, 0 for the other one where the model has learnt it. */
function classOf(label: string, { column, positive, negative }: OpenedModel['target'], sampler: Sampler, method: string): 0 | 1 {
  if (label === positive) return 1;
  if (label !== negative) {
    const known = negative === null ? `"${positive}"` : `"${positive}" and "${negative}"`;
    throw new InputError(`"label" expected a value of ${column} that the model knows (${known}), got "${label.slice(0, 40)}"`);
  }
  if (sampler.sampleMajority) return 0;
  throw new InputError(
    `"label" expected ${column} = ${positive}: a model of ${method} has learnt these rows alone, it cannot draw ${column} = ${label}; train with --method tabddpm-joint`,
  );
}

function drawLabel(
  sampler: Sampler,
  label: 0 | 1,
  sampling: Partial<SamplingOptions> | undefined,
  count: number,
  stream: Stream,
  run: Run,
): Promise<Table> {
  if (sampling) {
    if (sampler.sampleBy) return sampler.sampleBy(sampling, count, stream, run, label);
    throw new InputError('"steps" and "sampler" expected a diffusion model, got a model of another method; leave them out');
  }
  return label === 0 && sampler.sampleMajority ? sampler.sampleMajority(count, stream, run) : sampler.sample(count, stream, run);
}

/** The columns of the table that a model was learnt from. */
export const openOutline = ({ columns }: Pick<ReadModel, 'columns'>): OutlineColumn[] => items(columns).map(openColumn);

export const openTarget = ({ target }: Pick<ReadModel, 'target'>): OpenedModel['target'] => ({
  column: text(field(target, 'column')),
  positive: text(field(target, 'positive')),
  negative: orNull(field(target, 'negative'), text),
});

function openColumn(place: Place): OutlineColumn {
  const name = text(field(place, 'name'));
  const role = oneOf(field(place, 'role'), ['feature', 'target', 'group', 'left out'] as const);
  if (role === 'left out') return { role, name };
  if (role === 'group') {
    const ids = field(place, 'ids');
    const prefix = field(ids, 'prefix');
    return { role, name, ids: prefix.value === undefined ? { next: number(field(ids, 'next')) } : { prefix: text(prefix) } };
  }
  const kind = oneOf(field(place, 'kind'), ['numeric', 'integer', 'binary', 'categorical', 'ordinal'] as const);
  if (kind === 'numeric' || kind === 'integer') return { role, name, kind, decimals: integer(field(place, 'decimals'), -1, 15) };
  return { role, name, kind, levels: items(field(place, 'levels')).map(text) };
}
