/**
 * Variants of real minority rows: numbers, levels and missingness are noised part of the way and denoised by a class-conditional TabDDPM
 * of all training rows. The rows start from real patients, so that their nearness to these is to be watched.
 */
import { InputError } from '../errors.js';
import { CONDITIONAL_DEFAULTS, type ConditionalOptions, conditionalMethod, drawNear } from './conditional-diffusion.js';

export interface PartialOptions extends ConditionalOptions {
  /** Share of the T steps by which a row is noised. */
  readonly strength: number;
}

export const PARTIAL_DEFAULTS: PartialOptions = { ...CONDITIONAL_DEFAULTS, sampler: 'ddim', eta: 1, strength: 0.4 };

export const tabddpmPartial = conditionalMethod<PartialOptions>({
  name: 'tabddpm-partial',
  defaults: PARTIAL_DEFAULTS,
  check: ({ strength }) => {
    if (!(strength > 0 && strength <= 1)) throw new InputError(`"strength" expected a number in (0, 1], got ${strength}`);
  },
  samplerOf: (model, options) => ({ history: model.history, sample: (count, stream, run) => drawNear(model, options, count, stream, run) }),
});
