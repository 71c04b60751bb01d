/**
 * Classifier two-sample test (Lopez-Paz & Oquab 2017): how well a forest tells made rows from real ones. AUROC ½ means that it cannot; the
 * distance from ½ counts, on either side. Dimensions: N made rows, M real ones, D features.
 */
import type { Backend } from './backend/backend.js';
import { forest } from './classify/forest.js';
import { auroc } from './metrics/classification.js';
import { meanDefined } from './metrics/columns.js';
import type { Rows } from './metrics/rows.js';
import type { Stream } from './random.js';

const FOLDS = 5;
const ROWS = 500; // a side: enough for the AUROC, and cheap
const FOREST = { trees: 50, minLeaf: 3 };

/** Rows of one kind, and whose they are; without `patients` each row is one of its own. */
export interface Sample {
  readonly rows: Rows; // (N, D)
  readonly patients?: ArrayLike<number> | undefined; // (N)
}

/** What the forests say of rows that they did not learn from. */
interface Judged {
  readonly folds: Int8Array; // (N), −1 = not drawn
  readonly scores: Float32Array; // (N), probability of being made
}

export interface Detection {
  readonly folds: number;
  readonly made: Judged;
  readonly real: Judged;
}

/**
 * Stratified folds with equally many rows of either kind, in one feature space; all rows of a patient are in one fold, so that none is
 * told by the patient's other rows. Null with fewer than two rows or patients of a kind.
 */
export async function detect(
  made: Sample,
  real: Sample,
  stream: Stream,
  backend: Backend,
  signal?: AbortSignal,
): Promise<Detection | null> {
  const each = Math.min(made.rows.rows, real.rows.rows, ROWS);
  const drawn = {
    real: drawOf(real, each, stream.child('real')),
    made: drawOf(made, each, stream.child('made')),
  };
  const folds = Math.min(FOLDS, drawn.made.patients, drawn.real.patients);
  if (folds < 2) return null;
  const judged = { made: nothingJudged(made), real: nothingJudged(real) };
  for (let fold = 0; fold < folds; fold++) {
    const part = (held: boolean) => {
      const of = ({ rows, order }: Draw) => rows.filter((_, i) => ((order[i] as number) % folds === fold) === held);
      return { made: of(drawn.made), real: of(drawn.real) };
    };
    const [learn, judge] = [part(false), part(true)];
    const { features, y } = stack(made.rows, real.rows, learn);
    const fitted = await forest.fit(features, y, stream.child('forest').child(fold), { backend, signal }, FOREST);
    const scores = await fitted.predict(stack(made.rows, real.rows, judge).features);
    note(judged.made, judge.made, fold, scores);
    note(judged.real, judge.real, fold, scores.subarray(judge.made.length));
  }
  return { folds, ...judged };
}

/** Mean AUROC over the folds that have both kinds; of all rows, or of chosen ones as often as they are named. */
export function detectionAuc(
  { folds, made, real }: Detection,
  chosen: { readonly made: Iterable<number>; readonly real: Iterable<number> } = { made: made.folds.keys(), real: real.folds.keys() },
): number {
  const y: number[][] = Array.from({ length: folds }, () => []);
  const scores: number[][] = Array.from({ length: folds }, () => []);
  const put = ({ folds: own, scores: given }: Judged, rows: Iterable<number>, label: 0 | 1): void => {
    for (const row of rows) {
      const fold = own[row] as number;
      if (fold < 0) continue;
      (y[fold] as number[]).push(label);
      (scores[fold] as number[]).push(given[row] as number);
    }
  };
  put(made, chosen.made, 1);
  put(real, chosen.real, 0);
  return meanDefined(y.map((labels, fold) => auroc(labels, scores[fold] as number[])));
}

/** Rows drawn, and of each the place of its patient in the order in which they first come. */
interface Draw {
  readonly rows: Uint32Array;
  readonly order: readonly number[];
  readonly patients: number;
}

function drawOf({ rows, patients }: Sample, each: number, stream: Stream): Draw {
  const drawn = stream.permutation(rows.rows).subarray(0, each);
  const places = new Map<number, number>();
  const order = Array.from(drawn, (row) => {
    const patient = patients ? (patients[row] as number) : row;
    const place = places.get(patient) ?? places.size;
    places.set(patient, place);
    return place;
  });
  return { rows: drawn, order, patients: places.size };
}

const nothingJudged = ({ rows: { rows } }: Sample): Judged => ({ folds: new Int8Array(rows).fill(-1), scores: new Float32Array(rows) });

function note(judged: Judged, rows: Uint32Array, fold: number, scores: Float32Array): void {
  rows.forEach((row, i) => {
    judged.folds[row] = fold;
    judged.scores[row] = scores[i] as number;
  });
}

/** The chosen rows of both kinds under each other; y = 1 for made ones. */
function stack(made: Rows, real: Rows, chosen: { readonly made: Uint32Array; readonly real: Uint32Array }) {
  const { cols } = made;
  const rows = chosen.made.length + chosen.real.length;
  const values = new Float32Array(rows * cols);
  const put = (from: Rows, row: number, to: number) => values.set(from.values.subarray(row * cols, (row + 1) * cols), to * cols);
  chosen.made.forEach((row, i) => {
    put(made, row, i);
  });
  chosen.real.forEach((row, i) => {
    put(real, row, chosen.made.length + i);
  });
  return { features: { rows, cols, values, spans: [] }, y: new Uint8Array(rows).fill(1, 0, chosen.made.length) };
}
