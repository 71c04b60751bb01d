/**
 * synthward as a library: everything here runs in a browser, in Node, Deno and Bun; nothing of it touches files or the network.
 *
 * A {@link Table} comes from CSV or rows; a method such as {@link TabDDPM} learns from it with `fit`, what it resolves to draws rows with
 * `sample`; {@link augment} does both in one call; {@link RandomForest} and {@link Boosting} predict. Long jobs take an `AbortSignal`,
 * report progress, and give the same bytes for the same seed. The study is in `synthward/experiment`.
 */

export type { Backend, Variant } from './backend/backend.js';
export { type BackendChoice, type Selection, selectBackend, wasmBackend } from './backend/select.js';
export { type OpenedClassifier, openClassifier, type SaveClassifierOptions, saveClassifier } from './classifier-model.js';
export { boosting } from './classify/boosting.js';
export type { Classifier, ClassifierRun, FittedClassifier } from './classify/classifier.js';
export { forest } from './classify/forest.js';
export type { FeatureEncoder, FeatureMatrix } from './encode/features.js';
export { fitFeatures } from './encode/features.js';
export { CancelledError, ComputeError, InputError } from './errors.js';
export { rowsForRatio } from './generate/amount.js';
export { type Generator, methodStreams, type Progress, type Run, type Sampler, type TrainingHistory } from './generate/generator.js';
export { type Augmentation, type AugmentOptions, augment } from './library/augment.js';
export {
  Boosting,
  type ClassifierFitOptions,
  type ClassifierMethod,
  type ClassifierModel,
  RandomForest,
} from './library/classifiers.js';
export { type LoadOptions, load } from './library/core.js';
export { exportModel, type ForeignFormat, fileMethod } from './library/exchange.js';
export {
  ADASYN,
  BorderlineSMOTE,
  CTGAN,
  type FitOptions,
  ForestFlow,
  GaussianCopula,
  type GeneratorMethod,
  type GeneratorModel,
  generatorMethods,
  RandomCopies,
  ROSE,
  type SampleOptions,
  SMOTE,
  TabDDPM,
  TabDDPMJoint,
  TabDDPMPartial,
  TVAE,
} from './library/generators.js';
export { type Cell as TableCell, type Row, Table, type TableOptions } from './library/table.js';
export { brier, calibration, priorShift } from './metrics/calibration.js';
export { auroc, averagePrecision, bestThreshold, confusion, prCurve } from './metrics/classification.js';
export { coverage, fidelity, mmd, nearestRatio } from './metrics/fidelity.js';
export { type LargeMmd, type LargeMmdOptions, mmdLarge } from './metrics/mmd-large.js';
export { type DrawOptions, type OpenedModel, openModel, type SaveOptions, saveModel } from './model.js';
export { Stream } from './random.js';
export type { CellTable } from './table/cells.js';
export { type AsyncChunks, blobChunks, type Chunks } from './table/chunks.js';
export { type CellOptions, type CsvInput, csvPieces, readCells, readCellsAsync, readCsv, toCsv } from './table/csv.js';
export { toDataset } from './table/dataset.js';
export { type InspectedColumn, type Inspection, inspectCells } from './table/inspection.js';
export { type Censored, type ColumnSchema, parseSchema, type Role, type Schema, withMissing } from './table/schema.js';
export { stratifiedSplit } from './table/split.js';
export type { Column as TableColumn, Dataset as TableDataset, Table as TableData } from './table/table.js';
export { VERSION } from './version.js';
