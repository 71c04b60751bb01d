/** The tables that an audit compares, and the rows of them that are comparable. Dimensions: N rows. */
import { type FeatureEncoder, fitFeatures } from '../encode/features.js';
import type { Rows } from '../metrics/rows.js';
import type { Stream } from '../random.js';
import { rowsWhere, type Table, takeRows } from '../table/table.js';

/** Rows with the class of each and whose they are; a number stands for the same patient in every part. */
export interface Part {
  readonly features: Table;
  readonly y: Uint8Array; // (N)
  readonly patients: Int32Array; // (N)
}

export interface AuditParts {
  /** What the generator learnt from. */
  readonly training: Part;
  readonly synthetic: Pick<Part, 'features' | 'y'>;
  /** Real patients whom the generator never saw. */
  readonly holdout: Part | null;
  readonly target: { readonly column: string; readonly positive: string; readonly negative: string };
  /** Whether patients may have several rows. */
  readonly grouped: boolean;
}

export const takePart = ({ features, y, patients }: Part, rows: ArrayLike<number>): Part => ({
  features: takeRows(features, rows),
  y: Uint8Array.from(rows, (row) => y[row] as number),
  patients: Int32Array.from(rows, (row) => patients[row] as number),
});

export const ofClass = (part: Part, label: 0 | 1): Part => takePart(part, rowsWhere(part.y, label));

/** More rows than this a side are drawn from: distances between all would take too long. */
export const MOST_ROWS = 10_000;

/** A part in the space of distances. */
export interface Placed extends Part {
  readonly rows: Rows;
}

export interface PlacedParts {
  readonly training: Placed;
  readonly synthetic: Placed;
  readonly holdout: Placed | null;
  readonly encoder: FeatureEncoder;
  /** Classes that occur among the synthetic rows: real rows of other classes tell nothing about them. */
  readonly classes: 'positive' | 'negative' | 'both';
}

/** The rows of the classes that are synthesised, at most MOST_ROWS a side, standardised by the training rows. */
export function placedParts({ training, synthetic, holdout }: AuditParts, stream: Stream): PlacedParts {
  const positives = synthetic.y.reduce((sum, label) => sum + label, 0);
  const classes = positives === 0 ? 'negative' : positives === synthetic.y.length ? 'positive' : 'both';
  const comparable = (part: Part) => (classes === 'both' ? part : ofClass(part, classes === 'positive' ? 1 : 0));
  const own = comparable(training);
  const encoder = fitFeatures(own.features);
  const placed = (part: Part, name: string): Placed => {
    const taken = atMostRows(part, stream.child(name));
    return { ...taken, rows: encoder.standardised(taken.features) };
  };
  const each = Int32Array.from(synthetic.y, (_, row) => row);
  return {
    training: placed(own, 'training'),
    synthetic: placed({ ...synthetic, patients: each }, 'synthetic'),
    holdout: holdout && placed(comparable(holdout), 'holdout'),
    encoder,
    classes,
  };
}

function atMostRows(part: Part, stream: Stream): Part {
  if (part.y.length <= MOST_ROWS) return part;
  return takePart(part, stream.permutation(part.y.length).slice(0, MOST_ROWS).sort());
}
