/** What can be chosen of TVAE, with the defaults: apart, so that they are known before the method is loaded. */

/** Of TVAE (Xu et al. 2019, §4), a variational autoencoder (Kingma & Welling 2014). */
export interface TVAEOptions {
  /** Widths of the encoder's layers. @defaultValue [128, 128] */
  readonly encoder: readonly number[];
  /** Widths of the decoder's layers. @defaultValue [128, 128] */
  readonly decoder: readonly number[];
  /** Width L of what a row is coded as. @defaultValue 128 */
  readonly latent: number;
  /** Of the first step; falls linearly to 0. @defaultValue 0.001 */
  readonly learningRate: number;
  /** Weight of ½‖weights‖² in the loss. @defaultValue 0.00001 */
  readonly penalty: number;
  /** Weight of the reconstruction against the divergence from N(0, 1). @defaultValue 2 */
  readonly factor: number;
  /** Rows of a step; never more than there are. @defaultValue 500 */
  readonly batch: number;
  /** Training steps; null = by the number of rows, `tvaeSteps` of tvae.ts. @defaultValue null */
  readonly steps: number | null;
  /**
   * `minority`: only minority rows are learnt from. `conditional`: all rows, half of each batch minority, the class given to the decoder.
   * @defaultValue "minority"
   */
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
