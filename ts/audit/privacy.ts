/** Privacy of a synthetic table: measured, attacked and judged. */
import type { Backend } from '../backend/backend.js';
import type { Stream } from '../random.js';
import { type Attacks, tryAttacks } from './attacks.js';
import { type Closeness, measureCloseness } from './closeness.js';
import { type Copies, countCopies } from './copies.js';
import { type Check, LIMITS, privacyChecks, type Verdict, verdictOf } from './gate.js';
import { inferMembership, type MembershipInference } from './membership.js';
import { type AuditParts, placedParts } from './parts.js';

export interface PrivacyAudit {
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
  readonly limits: typeof LIMITS;
  /** Rows that are compared: those of the classes that are synthesised. */
  readonly compared: { readonly classes: string; readonly training: number; readonly synthetic: number; readonly holdout: number | null };
  readonly copies: Copies;
  readonly closeness: Closeness;
  readonly membership: MembershipInference | null;
  readonly attacks: Attacks | null;
}

export async function auditPrivacy(parts: AuditParts, stream: Stream, backend: Backend): Promise<PrivacyAudit> {
  const placed = placedParts(parts, stream.child('rows'));
  const { training, synthetic, holdout, classes } = placed;
  const copies = countCopies(parts);
  const closeness = await measureCloseness(placed, stream.child('closeness'), backend);
  const membership = await inferMembership(placed, stream.child('membership'), backend);
  const attacks = await tryAttacks(placed, stream.child('attacks'), backend);
  const checks = privacyChecks({ copies, closeness, membership, attacks });
  return {
    verdict: verdictOf(checks),
    checks,
    limits: LIMITS,
    compared: { classes, training: training.rows.rows, synthetic: synthetic.rows.rows, holdout: holdout?.rows.rows ?? null },
    copies,
    closeness,
    membership,
    attacks,
  };
}
