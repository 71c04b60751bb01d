/** Models for other tools, as the library's users ask for them. */
import type { ForeignFormat } from '../exchange.js';
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

/** Whether bytes begin as JSON does, and not as a model file: that has the length of its header there, of at most four bytes. */
export const beginsAsJson = (bytes: Uint8Array): boolean => bytes[0] === 0x7b && bytes[7] !== 0;
