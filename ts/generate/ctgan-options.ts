/** What can be chosen of CTGAN, with the defaults: apart, so that they are known before the method is loaded. */
import type { AdversarialTraining } from './adversarial-model.js';

/** Of CTGAN (Xu et al. 2019, §4), a Wasserstein network with gradient penalty. */
export interface CTGANOptions extends Omit<AdversarialTraining, 'steps'> {
  /** Steps of the generator network, each after one of the critic; null = by the number of rows, `ctganSteps` of ctgan.ts. @defaultValue null */
  readonly steps: number | null;
  /**
   * `minority`: only minority rows are learnt from. `conditional`: all rows, the class as a category that can be asked for.
   * @defaultValue "minority"
   */
  readonly labels: 'minority' | 'conditional';
}

export const CTGAN_DEFAULTS: CTGANOptions = {
  latent: 128,
  generator: [256, 256],
  critic: [256, 256],
  pac: 10,
  dropout: 0.5,
  penalty: 10,
  temperature: 0.2,
  learningRate: 5e-4,
  emaDecay: 0.99,
  batch: 200,
  steps: null,
  labels: 'minority',
};
