/** What can be chosen of ForestFlow, with the defaults: apart, so that they are known before the method is loaded. */
export interface ForestFlowOptions {
  /** Levels of noise, and steps from noise to data. */
  readonly levels: number;
  /** Noisy copies of each row at a level; null = by the number of rows, `noiseCopies` of forestflow.ts. */
  readonly copies: number | null;
  /** Trees of a regression; there is one a level and column. */
  readonly rounds: number;
  readonly depth: number;
  readonly learningRate: number;
  readonly lambda: number;
  /** The fewest rows in a leaf, counted without their copies. */
  readonly minLeaf: number;
  readonly maxBins: number;
}

export const FORESTFLOW_DEFAULTS: ForestFlowOptions = {
  levels: 10,
  copies: null,
  rounds: 20,
  depth: 4,
  learningRate: 0.3,
  lambda: 1,
  minLeaf: 5,
  maxBins: 64,
};
