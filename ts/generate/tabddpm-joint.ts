/** Patients of both classes from one class-conditional TabDDPM of all training rows; the study adds them at the real prior. */
import { wholeSampler } from './conditional-codec.js';
import { conditionalMethod } from './conditional-diffusion.js';
import { CONDITIONAL_DEFAULTS, type ConditionalOptions } from './conditional-options.js';

export const tabddpmJoint = conditionalMethod<ConditionalOptions>({
  name: 'tabddpm-joint',
  defaults: CONDITIONAL_DEFAULTS,
  check: () => {},
  samplerOf: wholeSampler,
});
