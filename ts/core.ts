/**
 * The smallest useful part of the library: train TabDDPM, save and open its models, draw rows, and train both classifiers, on columns in
 * memory. Its WebAssembly core has the kernels of that alone. `index.ts` has tables from CSV, every method and the metrics.
 */
import type { Backend } from './backend/backend.js';
import { smallBackend } from './backend/small.js';
import { InputError } from './errors.js';
import { opener } from './generate/opener.js';
import { tabddpmCodec } from './generate/tabddpm-codec.js';
import { items } from './store/fields.js';
import { drawFreely, type OpenedModel, openModelBy, type Reading } from './stored-model.js';

const READING: Reading = {
  openers: { tabddpm: opener(async () => tabddpmCodec) },
  constraintsOf: ({ constraints }, _, file) => {
    if (items(constraints).length === 0) return [];
    throw new InputError(`${file} holds constraints, and synthward/core cannot hold rows to them; open it with synthward`);
  },
  draw: drawFreely,
};

/**
 * Opens a model file of TabDDPM; `file` is its name in messages.
 *
 * @throws {InputError} for what is no such file, is not whole, or holds constraints or a model of another method: `openModel` of `synthward` opens it.
 */
export const openModel = (bytes: Uint8Array, backend: Backend, file?: string): Promise<OpenedModel> =>
  openModelBy(READING, bytes, backend, file);

export type { Backend } from './backend/backend.js';
export { boosting } from './classify/boosting.js';
export type { Classifier, ClassifierRun, FittedClassifier } from './classify/classifier.js';
export { forest } from './classify/forest.js';
export type { FeatureEncoder, FeatureMatrix } from './encode/features.js';
export { fitFeatures } from './encode/features.js';
export { CancelledError, ComputeError, InputError } from './errors.js';
export { type Generator, methodStreams, type Progress, type Run, type Sampler, type TrainingHistory } from './generate/generator.js';
export { type TabDDPMOptions, type TabDDPMSampler, tabddpm } from './generate/tabddpm.js';
export { Stream } from './random.js';
export { type DrawOptions, type OpenedModel, type SaveOptions, saveModel } from './stored-model.js';
export type { Column as TableColumn, Dataset as TableDataset, Table as TableData } from './table/table.js';
export { toCsv } from './table/write.js';
export { VERSION } from './version.js';
export { smallBackend };
