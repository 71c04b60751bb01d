/**
 * Models in the files of other tools, and back: a booster as XGBoost's JSON; forests, boosters and networks of diffusion models as ONNX.
 * docs/formats.md lists what the files hold.
 */
import type { Backend } from './backend/backend.js';
import { type OpenedClassifier, openClassifier } from './classifier-model.js';
import { boostingCodec, forestCodec } from './classify/classifier-codec.js';
import { openFeatures, storeFeatures } from './classify/stored-features.js';
import { fromXgboost, toXgboost } from './classify/xgboost-codec.js';
import { type FeatureEncoder, featureEncoderOf } from './encode/features.js';
import { InputError } from './errors.js';
import { openOutline, openTarget } from './model.js';
import { field, integer, items, optionsLike, orNull, type Place, parsed, text } from './store/fields.js';
import { isJson, isUbjson } from './store/json.js';
import { type ReadModel, readModel } from './store/model.js';
import { type OutlineColumn, outlinedFeatures } from './table/outline.js';
import { VERSION } from './version.js';

/** Formats of other tools. */
export type ForeignFormat = 'xgboost-json' | 'onnx';

/** The text of an XGBoost file under which ours carries what XGBoost has no place for. */
const OWN = 'synthward';

/** By the ending of a file's name; null for our own format. */
export const formatOf = (file: string): ForeignFormat | null =>
  /\.json$/i.test(file) ? 'xgboost-json' : /\.onnx$/i.test(file) ? 'onnx' : null;

/** Throws {@link InputError} where models of a method cannot be written in a format: before one is fitted. */
export function checkFormat(method: string, format: ForeignFormat | null): void {
  if (format === 'xgboost-json' && method !== boostingCodec.method)
    throw new InputError(
      `XGBoost's format holds no model of ${method}; write one of ${boostingCodec.method}, or take another ending than .json`,
    );
  const held = [forestCodec.method, boostingCodec.method, ...NETWORKS];
  if (format === 'onnx' && !held.includes(method))
    throw new InputError(`ONNX is written of ${held.join(', ')}, not of ${method}; keep its model file as it is`);
}

/** Methods whose models are a network that ONNX can hold. */
const NETWORKS: readonly string[] = ['tabddpm', 'tabddpm-joint', 'tabddpm-partial'];

/** One of our model files in the format of another tool; `file` is its name in messages. Throws {@link InputError} where it cannot be. */
export async function exportModel(
  bytes: Uint8Array,
  format: ForeignFormat,
  backend: Backend,
  file = 'the model file',
): Promise<Uint8Array> {
  const read = readModel(bytes, file);
  checkFormat(read.method, format);
  if (format === 'xgboost-json') return new TextEncoder().encode(xgboostText(read, backend));
  const { boosterOnnx, forestOnnx, networkOnnx } = await import('./onnx-export.js');
  const write = { [forestCodec.method]: forestOnnx, [boostingCodec.method]: boosterOnnx }[read.method] ?? networkOnnx;
  return write(read, backend);
}

function xgboostText(read: ReadModel, backend: Backend): string {
  const { fitted, encoder } = boostingCodec.open(read, backend, outlinedFeatures(openOutline(read)));
  const own = {
    version: VERSION,
    seed: read.seed.value,
    target: read.target.value,
    columns: read.columns.value,
    training: read.training.value,
    options: read.options.value,
    features: storeFeatures(encoder).state,
  };
  return toXgboost(fitted, encoder, backend, new Map([[OWN, JSON.stringify(own)]]));
}

/**
 * The classifier of a file of ours or of an XGBoost file. Of one that XGBoost has made itself the columns are numbers with the names of its
 * features, and the target is not known.
 */
export function openAnyClassifier(bytes: Uint8Array, backend: Backend, file = 'the model file'): OpenedClassifier {
  if (isUbjson(bytes))
    throw new InputError(`${file} is XGBoost's binary format (UBJSON), which is not read; save it under a name that ends in .json`);
  if (!isJson(bytes)) return openClassifier(bytes, backend, file);
  return openXgboost(textOf(bytes, file), backend, file);
}

function textOf(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${file} is damaged or no model file: it is not UTF-8; take the original`);
  }
}

function openXgboost(content: string, backend: Backend, file: string): OpenedClassifier {
  const { fitted, model } = fromXgboost(content, backend, file);
  const own = model.attributes.get(OWN);
  const known = own === undefined ? foreign(model.names, file) : ours(parsed(own, `${file}: ${OWN}`));
  const width = known.encoder.spans.reduce((sum, span) => sum + span.width, 0);
  if (width !== model.features)
    throw new InputError(`${file}: the text "${OWN}" expected ${model.features} features, as the trees have, got ${width}`);
  const settings = known.options ? optionsLike(known.options, fitted.settings) : fitted.settings;
  const settled = { ...fitted, settings };
  return {
    ...known,
    method: boostingCodec.method,
    holds: boostingCodec.holds,
    features: outlinedFeatures(known.outline),
    fitted: settled,
    on: (other) => boostingCodec.on(settled, other),
    stored: () => boostingCodec.save(settled, known.encoder),
  };
}

type Known = Pick<OpenedClassifier, 'version' | 'seed' | 'target' | 'warnings' | 'outline' | 'encoder'> & {
  readonly options: Place | null;
};

function ours(own: Place): Known {
  const outline = openOutline({ columns: field(own, 'columns') });
  return {
    version: text(field(own, 'version')),
    seed: orNull(field(own, 'seed'), (place) => integer(place, 0, Number.MAX_SAFE_INTEGER)),
    target: openTarget({ target: field(own, 'target') }),
    warnings: items(field(field(own, 'training'), 'warnings')).map(text),
    outline,
    encoder: openFeatures(field(own, 'features'), outlinedFeatures(outline)),
    options: field(own, 'options'),
  };
}

/** A model that XGBoost has made itself. */
function foreign(names: readonly string[] | null, file: string): Known {
  if (names === null)
    throw new InputError(
      `${file} has no names of its features, so that they cannot be found in a table; set "feature_names" in xgboost and save it again`,
    );
  const outline = names.map((name): OutlineColumn => ({ role: 'feature', name, kind: 'numeric', decimals: -1 }));
  const encoder: FeatureEncoder = featureEncoderOf(
    names.map((column) => ({ kind: 'number', column, order: null, scale: { median: 0, mean: 0, sd: 1 } })),
  );
  const target = { column: 'label', positive: '1', negative: '0' };
  return { version: 'xgboost', seed: null, target, warnings: [], outline, encoder, options: null };
}
