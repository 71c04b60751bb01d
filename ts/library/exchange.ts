/** Models for other tools, as the library's users ask for them. */
import type { ForeignFormat } from '../exchange.js';
import { isJson, isUbjson } from '../store/json.js';
import { readModel } from '../store/model.js';
import { newBackend } from './core.js';

export type { ForeignFormat };

/**
 * The bytes of a model file, as `save` gives them, in the format of another tool: `xgboost-json` of {@link Boosting}, `onnx` of
 * {@link RandomForest}, {@link Boosting} and the networks of {@link TabDDPM}, {@link TabDDPMJoint} and {@link TabDDPMPartial}. `docs/formats.md` tells what
 * columns such a model takes. What it needs is loaded when it is called.
 *
 * @throws {InputError} for bytes that are no whole model file, and for a model that the format cannot hold.
 */
export async function exportModel(bytes: Uint8Array, format: ForeignFormat): Promise<Uint8Array> {
  const exchange = await import('../exchange.js');
  return exchange.exportModel(bytes, format, await newBackend());
}

/** Whether bytes are a file of XGBoost's, if of a model at all. */
export const isForeign = (bytes: Uint8Array): boolean => isJson(bytes) || isUbjson(bytes);

/**
 * The method whose model a file holds: of {@link generatorMethods}, which draw rows, or of {@link RandomForest} or {@link Boosting}, which
 * predict. JSON and UBJSON are taken for XGBoost's. `name` is the file's in messages.
 *
 * @throws {InputError} for bytes that are no whole model file.
 */
export const fileMethod = (bytes: Uint8Array, name?: string): string => (isForeign(bytes) ? 'xgb' : readModel(bytes, name).method);
