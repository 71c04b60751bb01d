/** A fitted generator as a file, and back, whatever the method: its own part is in its codec. */
import type { Backend } from './backend/backend.js';
import { InputError } from './errors.js';
import type { Acceptance } from './generate/constrained.js';
import type { SamplingOptions } from './generate/diffusion-options.js';
import type { Run, Sampler } from './generate/generator.js';
import type { Opener } from './generate/opener.js';
import type { Stream } from './random.js';
import { field, integer, items, number, oneOf, orNull, type Place, text } from './store/fields.js';
import { type ReadModel, readModel, unknownMethod, writeModel } from './store/model.js';
import { CENSORED, type CellRules } from './table/cell-rules.js';
import type { Constraint } from './table/constraints.js';
import { isTargetValue, type OutlineColumn, outlinedFeatures, outlinedTable, outlineOfDataset } from './table/outline.js';
import type { Dataset, Table } from './table/table.js';
import { VERSION } from './version.js';

/** Methods whose files classifier-model.ts opens. */
const CLASSIFIERS: readonly string[] = ['rf', 'xgb'];

/** What a model's file tells beside the model. */
export interface SaveOptions {
  /** The seed of the stream that the model was fitted with. */
  readonly seed?: number | undefined;
  /** The table that the data set was taken from; without it drawn rows have the features and the target. */
  readonly outline?: readonly OutlineColumn[] | undefined;
  /** What drawn rows are held to. */
  readonly constraints?: readonly Constraint[] | undefined;
}

/** The bytes of a model file (safetensors, docs/formats.md): what the sampler has learnt, of `dataset` its columns and no row. */
export function saveModel(sampler: Sampler, dataset: Dataset, { seed, outline, constraints }: SaveOptions = {}): Uint8Array {
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

/** A model out of a file, and what the file tells of its fit. */
export interface OpenedModel {
  /** Name of the method, such as "tabddpm". */
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
  /**
   * `count` rows with the columns of the table that was learnt from.
   *
   * @throws {InputError} for a label that the model has not learnt, and for ways of sampling that the method has not.
   * @throws {CancelledError} when `signal` was aborted.
   */
  draw(count: number, stream: Stream, run: Run, options?: DrawOptions): Promise<Table>;
}

/** What model files are read with. */
export interface Reading {
  /** Of each method whose files are opened. */
  readonly openers: Readonly<Record<string, Opener>>;
  /** The constraints of a file, whose target has been read; throws {@link InputError} where its columns do not bear them out. */
  constraintsOf(read: ReadModel, outline: readonly OutlineColumn[], file: string): readonly Constraint[];
  readonly draw: typeof drawFreely;
}

/** Opens a model file. Throws {@link InputError} for what is no such file, or is not whole. */
export async function openModelBy(
  { openers, constraintsOf, draw }: Reading,
  bytes: Uint8Array,
  backend: Backend,
  file = 'the model file',
): Promise<OpenedModel> {
  const read = readModel(bytes, file);
  const open = Object.hasOwn(openers, read.method) ? openers[read.method] : undefined;
  if (CLASSIFIERS.includes(read.method))
    throw new InputError(
      `${file} holds a classifier (${read.method}), which draws no rows; predict with it: "classify --model", or open it as a classifier`,
    );
  if (!open) throw unknownMethod(read, Object.keys(openers));
  const outline = openOutline(read);
  const target = openTarget(read);
  const constraints = constraintsOf(read, outline, file); // after the target, which it relies on
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
    draw: (...how) => draw({ method: read.method, target, sampler, outline, constraints }, ...how),
  };
}

/** What rows are drawn from. */
export interface Drawing extends Pick<OpenedModel, 'method' | 'target' | 'sampler' | 'outline'> {
  readonly constraints?: readonly Constraint[] | undefined;
}

/** Draws rows as they come, and puts them into the outline of the table that was learnt from. */
export async function drawFreely(drawing: Drawing, count: number, stream: Stream, run: Run, options: DrawOptions = {}): Promise<Table> {
  return outlinedTable(drawing.outline, await drawer(drawing, run, options)(count, stream), options.label ?? drawing.target.positive);
}

/** Draws feature rows of a label. */
export const drawer =
  ({ method, target, sampler }: Drawing, run: Run, { label = target.positive, sampling }: DrawOptions) =>
  async (count: number, stream: Stream): Promise<Table> =>
    drawLabel(sampler, classOf(label, target, sampler, method), sampling, count, stream, run);

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
    throw new InputError('"steps", "sampler" and "eta" expected a diffusion model, got a model of another method; leave them out');
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
  const rules = openCellRules(place);
  const kind = oneOf(field(place, 'kind'), ['numeric', 'integer', 'binary', 'categorical', 'ordinal'] as const);
  if (kind === 'numeric' || kind === 'integer') {
    const suspected = field(place, 'suspected');
    const codes = suspected.value === undefined ? {} : { suspected: items(suspected).map(number) };
    return { role, name, kind, decimals: integer(field(place, 'decimals'), -1, 15), ...rules, ...codes };
  }
  return { role, name, kind, levels: items(field(place, 'levels')).map(text), ...rules };
}

/** What is not declared is not in the file. */
function openCellRules(column: Place): CellRules {
  const known = <T>(name: string, read: (place: Place) => T): Record<string, T> => {
    const place = field(column, name);
    return place.value === undefined ? {} : { [name]: read(place) };
  };
  return {
    ...known('missing', (place) => items(place).map(text)),
    ...known('unit', text),
    ...known('censored', (place) => oneOf(place, CENSORED)),
  };
}
