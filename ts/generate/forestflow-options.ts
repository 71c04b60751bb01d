/** What can be chosen of ForestFlow, with the defaults: apart, so that they are known before the method is loaded. */

/** Of ForestFlow (Jolicoeur-Martineau, Fatras & Kachman 2024, §3): flow matching, its velocity learnt by boosted trees. */
export interface ForestFlowOptions {
  /** Levels of noise, and steps from noise to data. @defaultValue 10 */
  readonly levels: number;
  /** Noisy copies of each row at a level; null = by the number of rows, `noiseCopies` of forestflow.ts. @defaultValue null */
  readonly copies: number | null;
  /** Trees of a regression; there is one a level and column. @defaultValue 20 */
  readonly rounds: number;
  /** Levels of splits of a tree. @defaultValue 4 */
  readonly depth: number;
  /** Shrinks each tree's leaves. @defaultValue 0.3 */
  readonly learningRate: number;
  /** L2 penalty on leaf weights. @defaultValue 1 */
  readonly lambda: number;
  /** The fewest rows in a leaf, counted without their copies. @defaultValue 5 */
  readonly minLeaf: number;
  /** Bins of a column where trees look for splits, at most 256. @defaultValue 64 */
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
