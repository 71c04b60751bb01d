/**
 * The study for pages and programs of one's own, browser-safe: cells, the grid, the summary, the report. `synthward study` and the
 * study page run the very same cells.
 */
export { renderReport } from './report/report.js';
export { ICU_SCHEMA, simulateIcu } from './simulate/icu.js';
export { type Cell, type CellOutcome, type CellRun, type CellSetting, failedLines, runCell } from './study/cell.js';
export { checkSplits } from './study/check.js';
export { cellCost, groupCells, groupKey, listCells } from './study/grid.js';
export { orderOf, settle } from './study/groups.js';
export type { DatasetFacts, Manifest, StudyPlan } from './study/manifest.js';
export { type Method, methods } from './study/methods.js';
export type { Portrait } from './study/portrait.js';
export { type FailedLine, type ResultLine, TIME_FIELDS } from './study/result.js';
export { newShared, type Shared } from './study/shared.js';
export { splitOf } from './study/splits.js';
export { summarise } from './study/summarise.js';
export type { Summary } from './study/summary.js';
export { classifierName, methodName, methodTitle } from './study/words.js';
export { parseDescription } from './table/description.js';
