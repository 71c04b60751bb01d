/** The release gate: what each measurement says for itself, and the verdict on the whole. Every limit stands here. */
import type { Rate } from '../metrics/privacy.js';
import type { Attack, Attacks } from './attacks.js';
import type { Closeness } from './closeness.js';
import type { Copies } from './copies.js';
import type { MembershipInference } from './membership.js';

export type Verdict = 'pass' | 'fail' | 'insufficient';

export interface Check {
  readonly name: string;
  readonly title: string;
  /** `no alarm`: a smoke test that did not go off; it never makes a table pass. */
  readonly result: Verdict | 'no alarm';
  readonly reason: string;
}

export interface PrivacyEvidence {
  readonly copies: Copies;
  readonly closeness: Closeness;
  readonly membership: MembershipInference | null;
  readonly attacks: Attacks | null;
}

/** What is tolerated. */
export const LIMITS = {
  /** Risk of an attack beyond its control. */
  risk: 0.1,
  /** AUROC of a membership attack. */
  auc: 0.6,
  /** Share of near copies among synthetic rows where no patients were held out to compare with; real rows have 0.05. */
  near: 0.2,
  /** p-value of the closest-record test. */
  p: 0.01,
} as const;

/** A failed check fails the table; every check but the smoke test has to pass it. */
export function verdictOf(checks: readonly Check[]): Verdict {
  const results = checks.map(({ result }) => result).filter((result) => result !== 'no alarm');
  if (results.includes('fail')) return 'fail';
  return results.length > 0 && results.every((result) => result === 'pass') ? 'pass' : 'insufficient';
}

export function privacyChecks({ copies, closeness, membership, attacks }: PrivacyEvidence): Check[] {
  return [
    copyCheck(copies),
    nearCheck(closeness),
    membershipCheck(membership),
    attackCheck('singling_out', 'Singling out', attacks?.singling_out ?? null, attacks !== null),
    attackCheck('linkability', 'Linkability', attacks?.linkability ?? null, attacks !== null),
    attackCheck('inference', 'Inference of a value', attacks?.inference ?? null, attacks !== null),
    closestCheck(closeness),
  ];
}

const NO_HOLDOUT =
  'no patients were held out: what an attacker gains from the synthetic rows cannot be told from what anyone could guess; give --holdout';

function copyCheck({ synthetic, natural }: Copies): Check {
  const base = { name: 'copies', title: 'Exact copies' };
  const usual = natural.successes / natural.trials;
  const of = `${synthetic.successes} of ${synthetic.trials} synthetic rows equal a real training row in every column`;
  if (synthetic.successes > 0 && synthetic.low > usual) {
    return { ...base, result: 'fail', reason: `${of}; among real patients ${percent(usual)} of rows equal another patient’s` };
  }
  return {
    ...base,
    result: 'pass',
    reason: synthetic.successes === 0 ? of : `${of}, no more than among real patients (${percent(usual)})`,
  };
}

function nearCheck({ near_copies, copied }: Closeness): Check {
  const base = { name: 'near_copies', title: 'Near copies' };
  const share = near_copies.successes / near_copies.trials;
  if (copied.holdout === null || copied.risk === null) {
    const of = `${percent(share)} of synthetic rows lie nearer to a training row than 95% of real rows do to another patient’s`;
    if (near_copies.low > LIMITS.near) return { ...base, result: 'fail', reason: `${of}; up to ${percent(LIMITS.near)} is tolerated` };
    return { ...base, result: 'insufficient', reason: `${of}; ${NO_HOLDOUT}` };
  }
  const of = `${rateText(copied.training)} training patients have a near copy among the synthetic rows, ${rateText(copied.holdout)} patients held out`;
  return { ...base, ...byRisk({ training: copied.training, holdout: copied.holdout, risk: copied.risk }, of) };
}

function membershipCheck(membership: MembershipInference | null): Check {
  const base = { name: 'membership', title: 'Membership inference' };
  if (!membership) return { ...base, result: 'insufficient', reason: NO_HOLDOUT };
  const attempts = [membership.density_ratio, membership.distance];
  const words = ['density ratio', 'distance'].map((name, i) => {
    const { auc, low, high } = attempts[i] as MembershipInference['distance'];
    return `by ${name} AUROC ${number(auc)} (95% interval ${number(low)} to ${number(high)})`;
  });
  const said = `who was in the training part is told ${words.join(', ')}; 0.5 is guessing, up to ${LIMITS.auc} is tolerated`;
  if (attempts.some(({ auc, low }) => low > 0.5 && auc > LIMITS.auc)) return { ...base, result: 'fail', reason: said };
  if (attempts.every(({ high }) => high <= LIMITS.auc)) return { ...base, result: 'pass', reason: said };
  return { ...base, result: 'insufficient', reason: `${said}; ${tooFew(membership.others)}` };
}

function attackCheck(name: string, title: string, attack: Attack | null, held: boolean): Check {
  if (!attack) {
    const reason = held
      ? 'the attack cannot be tried on this table: too few columns, or too few predicates that single out a row'
      : NO_HOLDOUT;
    return { name, title, result: 'insufficient', reason };
  }
  const said = `the attack succeeds on ${rateText(attack.training)} training patients and on ${rateText(attack.holdout)} held out`;
  const tries = `${rateText(attack.training)} predicates single out a training row, ${rateText(attack.holdout)} a row held out`;
  return { name, title, ...byRisk(attack, name === 'singling_out' ? tries : said) };
}

/** Too high where a risk above the limit is shown, low enough where one is ruled out. */
function byRisk({ risk, holdout }: Attack, said: string): Pick<Check, 'result' | 'reason'> {
  const reason = `${said}: risk ${number(risk.value)} (95% interval ${number(risk.low)} to ${number(risk.high)}), up to ${LIMITS.risk} is tolerated`;
  if (risk.low > 0 && risk.value > LIMITS.risk) return { result: 'fail', reason };
  if (risk.high <= LIMITS.risk) return { result: 'pass', reason };
  return { result: 'insufficient', reason: `${reason}; ${tooFew(holdout.trials)}` };
}

const tooFew = (held: number): string => `${held} held-out trials are too few to rule out more`;

/** A table may be far from every record and leak all the same, so that this test can raise an alarm and nothing else. */
function closestCheck({ closer_to_training: closer }: Closeness): Check {
  const base = { name: 'closest_record', title: 'Distance to the closest record (smoke test)' };
  if (!closer) return { ...base, result: 'no alarm', reason: `not judged: ${NO_HOLDOUT}` };
  const said = `${percent(closer.value)} of synthetic rows lie nearer to a training row than to one held out; chance gives ${percent(closer.chance)} (${percent(closer.interval.low)} to ${percent(closer.interval.high)}), p = ${number(closer.p)}`;
  const excess = (closer.value - closer.chance) / (1 - closer.chance);
  if (closer.p <= LIMITS.p && excess > LIMITS.risk) return { ...base, result: 'fail', reason: said };
  return { ...base, result: 'no alarm', reason: `${said}; no alarm, which alone is no evidence of privacy` };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
const number = (value: number): string => value.toFixed(3);
const rateText = ({ successes, trials }: Rate): string => `${successes} of ${trials}`;
