/** `export`: a model file in the format of another tool. */
import { wasmBackend } from '../backend/select.js';
import { InputError } from '../errors.js';
import { exportModel, formatOf } from '../exchange.js';
import { readModel } from '../store/model.js';
import { checkWritable, readBytes, refuseOverwrite, writeWhole } from './files.js';

export interface ExportOutcome {
  readonly method: string;
  readonly format: string;
  /** What the file holds of the real patients, as a sentence. */
  readonly holds: string;
  readonly bytes: number;
}

export async function exportFile({ model, out }: { readonly model: string; readonly out: string }): Promise<ExportOutcome> {
  const format = formatOf(out);
  if (format === null) throw new InputError(`"--out" expected a name that ends in .json (XGBoost) or .onnx, got ${out}`);
  refuseOverwrite(out, [model]);
  checkWritable(out);
  const bytes = readBytes(model);
  const exported = await exportModel(bytes, format, await wasmBackend(), model);
  const { method, holds } = readModel(bytes, model);
  writeWhole(out, exported);
  return { method, holds, format: format === 'onnx' ? 'ONNX' : 'XGBoost JSON', bytes: exported.length };
}
