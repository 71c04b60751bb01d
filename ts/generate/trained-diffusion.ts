/** A diffusion model once it is trained: what drawing and files need of it. diffusion-model.ts trains it. */
import type { Backend } from '../backend/backend.js';
import type { DiffusionLayout, DiffusionProcess } from '../backend/ops-diffusion.js';
import type { DenoiserShape } from '../nn/denoiser.js';
import type { Training } from '../nn/train.js';
import type { ProcessOptions } from './diffusion-options.js';
import type { TrainingHistory } from './generator.js';
import type { Kept } from './held-out.js';

/** The label of a row whose class is left out; 0 and 1 are the classes. */
export const NO_LABEL = 2;

export interface DiffusionModel extends Training {
  readonly layout: DiffusionLayout;
  readonly shape: DenoiserShape;
  /** The step whose weights were kept, where training was stopped by rows held out. */
  readonly kept?: Kept;
}

export const historyOf = ({ steps, losses, seconds, kept }: DiffusionModel): TrainingHistory => ({
  steps,
  losses,
  seconds,
  ...(kept && { kept }),
});

export function processOf(backend: Backend, layout: DiffusionLayout, options: ProcessOptions): DiffusionProcess {
  return backend.diffusion.process({ ...options, layout, steps: options.timesteps });
}
