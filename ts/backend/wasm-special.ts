import type { SpecialOps } from './ops-special.js';
import type { CoreMemory } from './wasm.js';

/** The core's exports carry the names of {@link SpecialOps}; they are pure, so the record is the exports themselves. */
export function specialOps({ core }: CoreMemory): SpecialOps {
  const { exp, log, expm1, log1p, sigmoid, erf, erfc, ndtr, ndtri, lgamma, digamma, studentT } = core as unknown as SpecialOps;
  return { exp, log, expm1, log1p, sigmoid, erf, erfc, ndtr, ndtri, lgamma, digamma, studentT };
}
