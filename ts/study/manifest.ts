/** What a study folder says about itself (`manifest.json`): enough to repeat the run, and to refuse lines of another one. */

/** A table as the study used it. */
export interface DatasetFacts {
  readonly name: string;
  /** Plain title, e.g. "PBC visits (rare liver disease)"; the name where there is none. */
  readonly title: string;
  readonly file: string;
  readonly sha256: string;
  readonly rows: number;
  readonly positives: number;
  readonly features: number;
  /** Number of groups (patients) that are never split apart, null without a group column. */
  readonly groups: number | null;
  readonly target: string;
  readonly positive: string;
  /** How the file was read beyond its target: the column of `groups`, columns left out, and a declared schema (null: inferred). */
  readonly group_column: string | null;
  readonly exclude: readonly string[];
  readonly schema_sha256: string | null;
  /** Where an embedded table comes from; null for a file of the user's own. */
  readonly source: string | null;
  readonly licence: string | null;
  /** No row is a patient. Its numbers are called simulated wherever they stand, and are never pooled with those of real tables. */
  readonly simulated: boolean;
}

/** What is compared, and how often. */
export interface StudyScope {
  readonly methods: readonly string[];
  readonly classifiers: readonly string[];
  readonly splits: number;
  readonly ratios: readonly number[];
  /** Whether a threshold was chosen inside the training part (`f1_tuned`). */
  readonly tuned: boolean;
  /** Whether the trade-offs of training and sampling are measured beside the grid; a folder may get them later. */
  readonly tradeoffs: boolean;
}

/** What decides the numbers. Two runs with equal plans have equal result lines (time fields aside). */
export interface StudyPlan extends StudyScope {
  readonly version: string;
  readonly seed: number;
  readonly backend: string;
  readonly variant: string;
  /** What draws for a GPU backend; null on WASM. Folders of earlier versions do not have it. */
  readonly device?: string | null;
  readonly datasets: readonly DatasetFacts[];
}

/** The `manifest.json` of a study: its plan, the machine, and how far it has come. */
export interface Manifest extends StudyPlan {
  readonly format: 'synthward-study-1';
  readonly preset: string;
  readonly workers: number;
  /** Operations that ran on the GPU ("network.linear"); all others ran on the WASM core. */
  readonly placement?: readonly string[];
  readonly machine: {
    readonly engine: string; // e.g. "node 20.20.2"
    readonly platform: string;
    readonly cpu: string;
    readonly cores: number;
    readonly memory_mb: number;
  };
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly finished: string | null;
  /** Over all runs that filled this folder. */
  readonly wall_s: number;
  readonly cpu_s: number;
  readonly cells: { readonly total: number; readonly done: number; readonly failed: number };
}
