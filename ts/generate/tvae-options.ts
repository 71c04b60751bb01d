/** What can be chosen of TVAE, with the defaults: apart, so that they are known before the method is loaded. */
export interface TVAEOptions {
  readonly encoder: readonly number[];
  readonly decoder: readonly number[];
  readonly latent: number; // L
  readonly learningRate: number; // of the first step; falls linearly to 0
  /** Weight of ½‖weights‖² in the loss. */
  readonly penalty: number;
  /** Weight of the reconstruction against the divergence from N(0, 1). */
  readonly factor: number;
  /** Rows of a step; never more than there are. */
  readonly batch: number;
  /** Training steps; null = by the number of rows, `tvaeSteps` of tvae.ts. */
  readonly steps: number | null;
  /** `minority`: only minority rows are learnt from. `conditional`: all rows, half of each batch minority, the class given to the decoder. */
  readonly labels: 'minority' | 'conditional';
}

export const TVAE_DEFAULTS: TVAEOptions = {
  encoder: [128, 128],
  decoder: [128, 128],
  latent: 128,
  learningRate: 1e-3,
  penalty: 1e-5,
  factor: 2,
  batch: 500,
  steps: null,
  labels: 'minority',
};
