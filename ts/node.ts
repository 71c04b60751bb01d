/** The package's Node part: tables from files, studies over worker threads, and what the command line does with them. */
export { type AugmentOutcome, type AugmentRequest, augmentFile } from './node/augment.js';
export { type ClassifyOutcome, type ClassifyRequest, classifyFile } from './node/classify.js';
export { embeddedNames, type FileRequest, loadTables, type StudyTable, type TableRequest } from './node/datasets.js';
export { type InspectRequest, inspectFile } from './node/inspect.js';
export { readManifest } from './node/manifest.js';
export { buildCohort, type CohortOutcome, type CohortRequest } from './node/mimic/cohort.js';
export { readLines, type StudyLine } from './node/results.js';
export { type SimulateOutcome, type SimulateRequest, simulateFile } from './node/simulate.js';
export { runStudy, type StudyOutcome, type StudyRequest } from './node/study.js';
