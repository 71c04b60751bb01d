/** A fitted classifier as a file, and back; a method's own part is in its codec. Files of models that draw rows are in model.ts. */
import type { Backend } from './backend/backend.js';
import type { ClassifierCodec, FittedClassifier } from './classify/classifier.js';
import { boostingCodec, forestCodec } from './classify/classifier-codec.js';
import type { FeatureEncoder } from './encode/features.js';
import { InputError } from './errors.js';
import { KEPT, type OpenedModel, openOutline, openTarget } from './model.js';
import { field, integer, items, orNull, text } from './store/fields.js';
import { type ReadModel, readModel, type Stored, unknownMethod, writeModel } from './store/model.js';
import { isTargetValue, type OutlineColumn, outlinedFeatures, outlineOfDataset } from './table/outline.js';
import type { Dataset, Table } from './table/table.js';
import { VERSION } from './version.js';

type Opener = (read: ReadModel, backend: Backend, features: Table) => Pick<OpenedClassifier, 'fitted' | 'encoder' | 'on' | 'stored'>;

const opener =
  <Fitted extends FittedClassifier>(codec: ClassifierCodec<Fitted>): Opener =>
  (read, backend, features) => {
    const { fitted, encoder } = codec.open(read, backend, features);
    return { fitted, encoder, on: (other) => codec.on(fitted, other), stored: () => codec.save(fitted, encoder) };
  };

const CODECS: Readonly<Record<string, ClassifierCodec>> = { rf: forestCodec as ClassifierCodec, xgb: boostingCodec as ClassifierCodec };

/** What a fitted classifier of a method keeps in a file. Throws {@link InputError} for a method that has none. */
export function storedClassifier(method: string, fitted: FittedClassifier, encoder: FeatureEncoder): Stored {
  const codec = Object.hasOwn(CODECS, method) ? CODECS[method] : undefined;
  if (!codec) throw new InputError(`"method" expected one of ${Object.keys(CODECS).join(', ')}, got ${method}`);
  return codec.save(fitted, encoder);
}

const OPENERS: Readonly<Record<string, Opener>> = { rf: opener(forestCodec), xgb: opener(boostingCodec) };

/** What a classifier's file tells beside the classifier. */
export interface SaveClassifierOptions {
  /** The seed of the stream that it was fitted with. */
  readonly seed?: number | undefined;
  readonly warnings?: readonly string[];
  /** The table that the data set was taken from; without it the features and the target. */
  readonly outline?: readonly OutlineColumn[] | undefined;
}

/** The bytes of a model file; `stored` is what the method's codec makes of the fit. No row of the data set goes into it. */
export function saveClassifier(stored: Stored, dataset: Dataset, { seed, warnings = [], outline }: SaveClassifierOptions = {}): Uint8Array {
  const columns = outline ?? outlineOfDataset(dataset);
  const { column, positive, negative } = dataset.target;
  const positives = dataset.y.reduce((sum, y) => sum + y, 0);
  return writeModel(stored, {
    version: VERSION,
    seed: seed ?? null,
    target: { column, positive, negative: isTargetValue(columns, negative) ? negative : null },
    columns,
    training: { rows: dataset.y.length, positives, warnings },
  });
}

/** A classifier out of a file, and what the file tells of its fit. */
export interface OpenedClassifier {
  readonly method: string;
  /** The version of synthward that wrote it. */
  readonly version: string;
  readonly seed: number | null;
  /** What the file holds of the real patients, as a sentence. */
  readonly holds: string;
  readonly target: OpenedModel['target'];
  readonly warnings: readonly string[];
  readonly outline: readonly OutlineColumn[];
  /** The columns that it was learnt from: names, kinds and levels, without rows. */
  readonly features: Table;
  readonly fitted: FittedClassifier;
  readonly encoder: FeatureEncoder;
  /** `fitted` on another backend: predictions that run at a time need one each. */
  on(backend: Backend): FittedClassifier;
  /** For {@link saveClassifier}. */
  stored(): Stored;
}

/**
 * Opens a classifier's file; `file` is its name in messages.
 *
 * @throws {InputError} for what is no such file, is not whole, of a newer format, or a generator's.
 */
export function openClassifier(bytes: Uint8Array, backend: Backend, file = 'the model file'): OpenedClassifier {
  const read = readModel(bytes, file);
  if (KEPT.includes(read.method))
    throw new InputError(
      `${file} holds a model of ${read.method}, which draws rows and predicts nothing; draw from it with "sample", or open it with its method`,
    );
  const open = Object.hasOwn(OPENERS, read.method) ? OPENERS[read.method] : undefined;
  if (!open) throw unknownMethod(read, Object.keys(OPENERS));
  const outline = openOutline(read);
  const features = outlinedFeatures(outline);
  return {
    method: read.method,
    version: read.version,
    seed: orNull(read.seed, (place) => integer(place, 0, Number.MAX_SAFE_INTEGER)),
    holds: read.holds,
    target: openTarget(read),
    warnings: items(field(read.training, 'warnings')).map(text),
    outline,
    features,
    ...open(read, backend, features),
  };
}
