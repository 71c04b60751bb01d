/**
 * Variants of real minority rows: numbers, levels and missingness are noised part of the way and denoised by a class-conditional TabDDPM
 * of all training rows. The rows start from real patients, so that their nearness to these is to be watched.
 */
import { nearSampler } from './conditional-codec.js';
import { conditionalMethod } from './conditional-diffusion.js';
import { checkStrength, PARTIAL_DEFAULTS, type PartialOptions } from './conditional-options.js';

export const tabddpmPartial = conditionalMethod<PartialOptions>({
  name: 'tabddpm-partial',
  defaults: PARTIAL_DEFAULTS,
  check: checkStrength,
  samplerOf: nearSampler,
});
