/** Patients of both classes from one class-conditional TabDDPM of all training rows; the study adds them at the real prior. */
import { CONDITIONAL_DEFAULTS, type ConditionalOptions, conditionalMethod, wholeSampler } from './conditional-diffusion.js';

export const tabddpmJoint = conditionalMethod<ConditionalOptions>({
  name: 'tabddpm-joint',
  defaults: CONDITIONAL_DEFAULTS,
  check: () => {},
  samplerOf: wholeSampler,
});
