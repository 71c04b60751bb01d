/** What can be chosen of a class-conditional diffusion model and of the methods that draw from it, with the defaults. */
import type { DiffusionSampler } from '../backend/ops-diffusion.js';
import { InputError } from '../errors.js';
import { checkDiffusion, checkShares, DIFFUSION_DEFAULTS, type DiffusionOptions } from './diffusion-options.js';

/** A diffusion model of both classes; `steps`: null = `CONDITIONAL_STEPS` of conditional-diffusion.ts. */
export interface ConditionalOptions extends DiffusionOptions {
  /** How much more than the label itself is asked for (classifier-free guidance, Ho & Salimans 2022, eq. 6); 0 = not. @defaultValue 0 */
  readonly guidance: number;
  /** Share of labels that are left out while training, which guidance needs; null = .1 with guidance, else 0. @defaultValue null */
  readonly labelDropout: number | null;
}

export const CONDITIONAL_DEFAULTS: ConditionalOptions = { ...DIFFUSION_DEFAULTS, guidance: 0, labelDropout: null };

export function checkConditional(options: ConditionalOptions): void {
  checkDiffusion(options);
  checkShares(options, ['labelDropout']);
  if (!(options.guidance >= 0 && options.guidance <= 100))
    throw new InputError(`"guidance" expected a number in 0..100, got ${options.guidance}`);
  if (options.guidance > 0 && options.labelDropout === 0)
    throw new InputError(`"labelDropout" expected more than 0 with guidance, got 0; guidance needs rows without a label`);
}

/** Variants of real rows from such a model. */
export interface PartialOptions extends ConditionalOptions {
  /** As of any diffusion model; here each step draws noise. @defaultValue "ddim" */
  readonly sampler: DiffusionSampler;
  /** Noise of a step. @defaultValue 1 */
  readonly eta: number | null;
  /** Share of the T steps by which a row is noised, in (0, 1]. @defaultValue 0.4 */
  readonly strength: number;
}

export const PARTIAL_DEFAULTS: PartialOptions = { ...CONDITIONAL_DEFAULTS, sampler: 'ddim', eta: 1, strength: 0.4 };

export function checkStrength({ strength }: PartialOptions): void {
  if (!(strength > 0 && strength <= 1)) throw new InputError(`"strength" expected a number in (0, 1], got ${strength}`);
}
