/** Can one tell from the synthetic rows whether a patient was among the training rows? Dimensions: N rows. */
import type { Backend } from '../backend/backend.js';
import { type Membership, membershipAttack, nearestOfOthers, nearestRows } from '../metrics/privacy.js';
import { rowsByPatient } from '../metrics/resampling.js';
import type { Stream } from '../random.js';
import type { Placed, PlacedParts } from './parts.js';

export interface MembershipInference {
  /**
   * How dense synthetic rows lie around a patient against how dense real patients lie there (after DOMIAS: van Breugel et al., AISTATS
   * 2023), densities by the nearest neighbour: distance to the nearest held-out row ÷ distance to the nearest synthetic row.
   */
  readonly density_ratio: Membership;
  /** The nearer a synthetic row, the likelier a member. */
  readonly distance: Membership;
  readonly members: number;
  readonly others: number;
}

/** Null where there are fewer than two patients held out. */
export async function inferMembership(
  { training, synthetic, holdout }: PlacedParts,
  stream: Stream,
  backend: Backend,
): Promise<MembershipInference | null> {
  const apart = holdout && rowsByPatient(holdout.patients);
  if (!holdout || !apart || apart.length < 2 || synthetic.rows.rows === 0) return null;
  const most = apart.reduce((length, rows) => Math.max(length, rows.length), 1) + 1;
  const side = async (part: Placed, own: Int32Array, self: boolean) => {
    const made = (await nearestRows(backend, part.rows, synthetic.rows, 1)).distances;
    const real = nearestOfOthers(await nearestRows(backend, part.rows, holdout.rows, most, self), own, holdout.patients);
    return {
      ratio: { scores: made.map((d, i) => ratio(real[i] as number, d)), patients: part.patients },
      distance: { scores: made.map((d) => -d), patients: part.patients },
    };
  };
  // A held-out patient is compared with the others; for a training patient one held-out patient is left out as well, drawn at random,
  // so that both kinds are compared with equally many.
  const left = leftOut(training, apart, holdout, stream.child('left out'));
  const [members, others] = [await side(training, left, false), await side(holdout, holdout.patients, true)];
  return {
    density_ratio: membershipAttack(members.ratio, others.ratio, stream.child('ratio')),
    distance: membershipAttack(members.distance, others.distance, stream.child('distance')),
    members: rowsByPatient(training.patients).length,
    others: apart.length,
  };
}

const ratio = (real: number, made: number): number => (real === made ? 1 : real / made);

/** For each row of the training part a held-out patient, the same for all rows of one patient. */
function leftOut(training: Placed, apart: readonly Uint32Array[], holdout: Placed, stream: Stream): Int32Array {
  const own = new Int32Array(training.patients.length);
  for (const rows of rowsByPatient(training.patients)) {
    const [row] = apart[stream.below(apart.length)] as Uint32Array;
    for (const at of rows) own[at] = holdout.patients[row as number] as number;
  }
  return own;
}
