/** What a page and its workers tell each other. A worker does one job; to cancel it the page ends the worker. */
import type { BenchLine } from '../ts/device.js';
import type { CellOutcome, CellSetting } from '../ts/experiment.js';
import type { SampleOptions } from '../ts/index.js';

/** What a file does not say of itself, as it was typed; an empty text says nothing. */
export interface Reading {
  readonly headerLine: string;
  readonly encoding: string;
  /** Cells that mean "missing": 999 in every column, sbp=-9,999 in one; separated by spaces. */
  readonly missing: string;
  /** Names of columns, separated by commas. */
  readonly exclude: string;
  readonly censored: string;
  /** JSON, as `synthward inspect` writes it. */
  readonly schema: string;
}

/** A table on its way to a worker, which reads the file itself: one of the user's, or an embedded one with its description. */
export interface Source {
  readonly name: string;
  /** What messages call it. */
  readonly file: string;
  /** Not copied on its way. */
  readonly content: Blob;
  /** JSON of an embedded table: source, licence, columns, roles. */
  readonly description: string | null;
  /** Null of an embedded table. */
  readonly reading: Reading | null;
}

/** What the user says of the table's columns. */
export interface Roles {
  readonly target: string;
  /** Empty as long as none of several values is chosen. */
  readonly positive: string;
  readonly group: string | null;
  readonly exclude: readonly string[];
}

export interface ColumnFacts {
  readonly name: string;
  readonly kind: string;
  readonly missing: number;
  /** Number of different values. */
  readonly different: number;
  /** Range or levels, in words. */
  readonly detail: string;
  /** Counts of its values, where there are few: what could be an outcome. */
  readonly values: readonly { readonly value: string; readonly rows: number }[] | null;
}

/** What is in a table. */
export interface TableFacts {
  readonly name: string;
  readonly file: string;
  readonly title: string;
  readonly rows: number;
  readonly columns: readonly ColumnFacts[];
  readonly warnings: readonly string[];
  /** Roles that an embedded table's description, or a schema, gives. */
  readonly roles: { readonly [Role in keyof Roles]: Roles[Role] | undefined };
  readonly sha256: string;
  readonly source: string | null;
  readonly licence: string | null;
}

/** What `synthward inspect` says of a table under its roles. */
export interface Checked {
  readonly warnings: readonly string[];
  /** Why nothing can be learnt of the target. */
  readonly fault: string | null;
  /** What was found in the table, as JSON to be edited. */
  readonly schema: string;
}

/** How rows are made and judged. */
export interface Plan {
  readonly method: string;
  readonly ratio: number;
  readonly seed: number;
  readonly splits: number;
  readonly classifiers: readonly string[];
}

/** A model's file on its way to a worker. */
export interface ModelFile {
  readonly file: string;
  readonly content: Blob;
}

interface AnyModelFacts {
  readonly method: string;
  readonly target: { readonly column: string; readonly positive: string; readonly negative: string | null };
  readonly warnings: readonly string[];
  /** What it holds of real patients. */
  readonly holds: string;
  /** Of the rows that it draws, or that it predicts from. */
  readonly columns: readonly string[];
}

/** What a model file is. */
export type ModelFacts =
  | (AnyModelFacts & { readonly does: 'predict' })
  | (AnyModelFacts & {
      readonly does: 'draw';
      readonly version: string;
      /** Outcomes that it can draw. */
      readonly labels: readonly string[];
      /** Of a diffusion model. */
      readonly timesteps: number | null;
    });

/** How rows are drawn. */
export interface DrawPlan {
  readonly count: number;
  readonly label: string;
  /** Of a diffusion model, as is the sampler: empty as it was trained. */
  readonly steps: number;
  readonly sampler: Sampling | '';
  readonly seed: number;
}

type Sampling = NonNullable<SampleOptions['sampler']>;

/** A table that a model has made, with its first rows as texts. */
export interface MadeTable {
  readonly csv: string;
  readonly rows: number;
  readonly columns: readonly string[];
  /** Places of the columns of numbers. */
  readonly numbers: readonly number[];
  readonly preview: readonly (readonly string[])[];
  readonly warnings: readonly string[];
}

/** What the benchmark measures. */
export interface BenchPlan {
  readonly variant: 'simd' | 'relaxed';
  /** Beginnings of items' names. */
  readonly only: readonly string[];
}

export type Job =
  | { readonly kind: 'read'; readonly source: Source }
  | { readonly kind: 'check'; readonly source: Source; readonly roles: Roles | null }
  | { readonly kind: 'balance'; readonly source: Source; readonly roles: Roles; readonly plan: Plan }
  | { readonly kind: 'open'; readonly model: ModelFile }
  | { readonly kind: 'draw'; readonly model: ModelFile; readonly plan: DrawPlan }
  | { readonly kind: 'predict'; readonly model: ModelFile; readonly source: Source }
  | { readonly kind: 'bench'; readonly plan: BenchPlan }
  | {
      readonly kind: 'cells';
      readonly source: Source;
      readonly roles: Roles;
      readonly setting: CellSetting;
      readonly cells: readonly CellKey[];
    };

export interface CellKey {
  readonly dataset: string;
  readonly split: number;
  readonly method: string;
  readonly ratio: number;
}

export interface Step {
  /** What is being done, in words. */
  readonly doing: string;
  /** Share of the whole job, 0 … 1. */
  readonly share: number;
  readonly loss?: number;
}

export interface Balanced {
  readonly csv: Blob;
  /** The model's file and what it holds of real patients. */
  readonly model: { readonly bytes: Uint8Array; readonly holds: string };
  readonly added: number;
  readonly warnings: readonly string[];
  readonly outcomes: readonly CellOutcome[];
}

export type Answer =
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'facts'; readonly facts: TableFacts }
  | { readonly kind: 'checked'; readonly checked: Checked }
  | { readonly kind: 'balanced'; readonly balanced: Balanced }
  | { readonly kind: 'model'; readonly facts: ModelFacts }
  | { readonly kind: 'table'; readonly made: MadeTable }
  | { readonly kind: 'outcome'; readonly cell: CellKey; readonly outcome: CellOutcome }
  | { readonly kind: 'lines'; readonly lines: readonly BenchLine[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string; readonly known: boolean };
