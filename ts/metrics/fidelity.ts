/**
 * How much synthetic minority rows resemble the real minority: every fidelity number of a result line, under the line's names.
 * docs/metrics.md defines them.
 */
import type { Backend } from '../backend/backend.js';
import { type Turn, turnsFor } from '../backend/turns.js';
import type { Stream } from '../random.js';
import type { Table } from '../table/table.js';
import { columnDistances } from './columns.js';
import { bandwidth, mmd } from './mmd.js';
import { coverage, nearestRatio } from './neighbours.js';
import { pairDifference } from './pairs.js';
import type { Rows } from './rows.js';

export { columnDistances } from './columns.js';
export { bandwidth, mmd } from './mmd.js';
export { coverage, nearestRatio } from './neighbours.js';
export { pairDifference } from './pairs.js';

/** Minority rows as a table, and standardised by the training part (FeatureEncoder.standardised). */
export interface Minority {
  readonly table: Table;
  readonly rows: Rows;
}

/** Null where a number is undefined or needs synthetic rows that a method does not make. */
export interface Fidelity {
  readonly mmd_b: number | null;
  readonly mmd2_u: number | null;
  readonly mmd_multi: number | null;
  readonly mmd_floor: number | null;
  readonly mmd2_u_floor: number | null;
  readonly mmd_multi_floor: number | null;
  readonly nearest_ratio: number | null;
  readonly ks_mean: number | null;
  readonly tv_mean: number | null;
  readonly wasserstein_mean: number | null;
  readonly pair_difference: number | null;
  readonly coverage: number | null;
}

/** What {@link fidelity} compares. */
export interface FidelityParts {
  readonly training: Minority;
  readonly test: Minority;
  /** Rows of the generator that are judged. */
  readonly synthetic: Minority | null;
  /** Those of them that were added to the training part; mmd_b is theirs. All of them unless said otherwise. */
  readonly added?: Minority | null;
}

/**
 * Synthetic rows against the real test minority, and the training minority in their place as the floor. The same training and
 * test parts and `stream` give the same floor, whatever the method. `turn` is awaited between two numbers. docs/metrics.md defines them.
 *
 * @throws {InputError} for parts with different columns.
 */
export async function fidelity(
  backend: Backend,
  { training, test, synthetic, added = synthetic }: FidelityParts,
  stream: Stream,
  turn: Turn = turnsFor(undefined),
): Promise<Fidelity> {
  const s = await bandwidth(backend, training.rows, stream.child('bandwidth'));
  await turn();
  const floor = await mmd(backend, training.rows, test.rows, s, stream.child('floor'));
  await turn();
  const own = synthetic && (await mmd(backend, synthetic.rows, test.rows, s, stream.child('mmd')));
  await turn();
  const ofAdded = added === synthetic ? own : added && (await mmd(backend, added.rows, test.rows, s, stream.child('added')));
  await turn();
  const columns = synthetic && columnDistances(test.table, synthetic.table);
  await turn();
  const nearest = synthetic && (await nearestRatio(backend, synthetic.rows, training.rows, test.rows, stream.child('nearest')));
  await turn();
  const pairs = synthetic && pairDifference(test.table, synthetic.table);
  await turn();
  const covered = synthetic && (await coverage(backend, test.rows, synthetic.rows, stream.child('coverage')));
  return {
    mmd_b: defined(ofAdded?.biased),
    mmd2_u: defined(own?.unbiased),
    mmd_multi: defined(own?.multi),
    mmd_floor: defined(floor.biased),
    mmd2_u_floor: defined(floor.unbiased),
    mmd_multi_floor: defined(floor.multi),
    nearest_ratio: defined(nearest),
    ks_mean: defined(columns?.ks_mean),
    tv_mean: defined(columns?.tv_mean),
    wasserstein_mean: defined(columns?.wasserstein_mean),
    pair_difference: defined(pairs),
    coverage: defined(covered),
  };
}

const defined = (value: number | null | undefined): number | null => (value == null || !Number.isFinite(value) ? null : value);
