/** What a job asks of a backend, in the shapes by which `auto` compares them: of the largest table, the most rows that are learnt from. */
import type { Workload } from '../backend/calibrate.js';
import { DIFFUSION_DEFAULTS } from '../generate/diffusion-options.js';
import { type Dataset, isLevelColumn } from '../table/table.js';

export interface Job {
  readonly datasets: readonly Dataset[];
  /** Methods that are fitted; their kind decides whether networks are trained. */
  readonly methods: readonly string[];
  readonly classifiers: readonly string[];
  /** Whether likeness is measured, by kernel sums. */
  readonly fidelity: boolean;
}

/** Methods that train a network, most of them for about as many steps; those that learn from both classes see every row. */
const NETWORKS = /^(tabddpm|ctgan|tvae)/;
const STEPS = 1500;
/** Kernel sums that one cell takes, its floor included, and the rows of a side at most. */
const SUMS = 12;
const MOST_ROWS = 2000;

export function workloadOf({ datasets, methods, classifiers, fidelity }: Job): Workload {
  const sizes = datasets.map((dataset) => ({ rows: dataset.y.length, minority: minorityOf(dataset), cols: columnsOf(dataset) }));
  const largest = sizes.reduce((most, size) => (size.rows * size.cols > most.rows * most.cols ? size : most));
  const { rows, minority, cols } = largest;
  const { batch, hidden, layers } = DIFFUSION_DEFAULTS;
  const side = Math.min(MOST_ROWS, minority);
  return {
    steps: methods.some((name) => NETWORKS.test(name))
      ? { count: STEPS, batch: Math.min(batch, minority), width: cols, layers: [hidden, ...layers] }
      : null,
    sums: fidelity ? { count: SUMS, rows: side, others: side, cols } : null,
    boosting: classifiers.includes('xgb') ? { rounds: 100, rows, cols } : null,
  };
}

function minorityOf({ y }: Dataset): number {
  const positive = y.reduce((sum, label) => sum + label, 0);
  return Math.max(1, Math.min(positive, y.length - positive));
}

/** Numbers stay one column, levels become one each. */
const columnsOf = ({ features }: Dataset): number =>
  Math.max(
    1,
    features.columns.reduce((sum, column) => sum + (isLevelColumn(column) ? column.levels.length : 1), 0),
  );
