/** How near synthetic rows lie to the training rows: distance to the closest record, NNDR, near copies, and what chance gives. */
import type { Backend } from '../backend/backend.js';
import {
  type AgainstChance,
  attackRisk,
  closerToTraining,
  nearestCounts,
  nearestNeighbourRatios,
  nearestOfOthers,
  nearestRows,
  type Rate,
  type Risk,
  wilson,
} from '../metrics/privacy.js';
import { type FiveNumbers, fiveNumbers, quantile } from '../metrics/quantiles.js';
import { oneRowEach, rowsByPatient } from '../metrics/resampling.js';
import type { Rows } from '../metrics/rows.js';
import type { Stream } from '../random.js';
import type { Placed, PlacedParts } from './parts.js';

export interface Closeness {
  /** From synthetic rows to the nearest training row. */
  readonly dcr: FiveNumbers;
  /** From held-out rows to the nearest training row. */
  readonly dcr_holdout: FiveNumbers | null;
  /** From training rows to the nearest row of another training patient. */
  readonly dcr_training: FiveNumbers;
  readonly nndr: FiveNumbers;
  readonly nndr_holdout: FiveNumbers | null;
  /** Share of synthetic rows nearer to training than to held-out rows. */
  readonly closer_to_training: AgainstChance | null;
  /** Below this distance two rows are near copies: 5% of training rows have another patient's row as near. */
  readonly near: number;
  /** Synthetic rows that are near copies of a training row. */
  readonly near_copies: Rate;
  /** Training patients of whom there is a near copy, held-out patients alike, and what being in the training part adds. */
  readonly copied: { readonly training: Rate; readonly holdout: Rate | null; readonly risk: Risk | null };
}

/** Share of the training rows' own nearest distances that count as near. */
const NEAR_SHARE = 0.05;
/** Equally near rows share a synthetic row, as far as this many. */
const MOST_TIES = 5;

export async function measureCloseness(parts: PlacedParts, stream: Stream, backend: Backend): Promise<Closeness> {
  const { training, synthetic, holdout } = parts;
  const nearest = await nearestRows(backend, synthetic.rows, training.rows, 2);
  const first = firstOf(nearest.distances, nearest.k);
  const among = await amongOthers(training, backend);
  const near = quantile(among.slice().sort(), NEAR_SHARE);
  const fromHoldout = holdout && (await nearestRows(backend, holdout.rows, training.rows, 2));
  const copied = async (part: Placed) => {
    const { distances } = await nearestRows(backend, part.rows, synthetic.rows, 1);
    const chosen = oneRowEach(rowsByPatient(part.patients), stream.child('copied'));
    return wilson(
      chosen.reduce((sum, row) => sum + (isNear(distances[row] as number, near) ? 1 : 0), 0),
      chosen.length,
    );
  };
  const own = await copied(training);
  const other = holdout && holdout.rows.rows > 0 ? await copied(holdout) : null;
  return {
    dcr: fiveNumbers(first),
    dcr_holdout: fromHoldout && fiveNumbers(firstOf(fromHoldout.distances, fromHoldout.k)),
    dcr_training: fiveNumbers(among),
    nndr: fiveNumbers(nearestNeighbourRatios(nearest)),
    nndr_holdout: fromHoldout && fiveNumbers(nearestNeighbourRatios(fromHoldout)),
    closer_to_training: holdout && (await closerShare(parts, holdout, stream.child('closer'), backend)),
    near,
    near_copies: wilson(
      first.reduce((sum, d) => sum + (isNear(d, near) ? 1 : 0), 0),
      first.length,
    ),
    copied: { training: own, holdout: other, risk: other && attackRisk(own, other) },
  };
}

/** Where many patients are alike, near is 0: then a near copy is an equal row, and copies are counted elsewhere. */
const isNear = (distance: number, near: number): boolean => distance < near;

const firstOf = (distances: Float64Array, k: number): Float64Array => distances.filter((_, at) => at % k === 0);

/** Distance from each training row to the nearest row of another patient. */
async function amongOthers({ rows, patients }: Placed, backend: Backend): Promise<Float64Array> {
  const most = rowsByPatient(patients).reduce((length, own) => Math.max(length, own.length), 1);
  const found = await nearestRows(backend, rows, rows, most, true);
  return nearestOfOthers(found, patients, patients).filter((distance) => !Number.isNaN(distance));
}

async function closerShare(
  { training, synthetic }: PlacedParts,
  holdout: Placed,
  stream: Stream,
  backend: Backend,
): Promise<AgainstChance | null> {
  if (holdout.rows.rows === 0) return null;
  const pooled = joined(training.rows, holdout.rows);
  const counts = nearestCounts(await nearestRows(backend, synthetic.rows, pooled, MOST_TIES), pooled.rows);
  const member = new Uint8Array(pooled.rows).fill(1, 0, training.rows.rows);
  return closerToTraining(counts, member, Int32Array.from([...training.patients, ...holdout.patients]), stream);
}

function joined(a: Rows, b: Rows): Rows {
  const values = new Float64Array(a.values.length + b.values.length);
  values.set(a.values);
  values.set(b.values, a.values.length);
  return { rows: a.rows + b.rows, cols: a.cols, values };
}
