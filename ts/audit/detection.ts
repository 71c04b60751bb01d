/** How well a classifier tells synthetic rows from patients, beside how well it tells patients from other patients (the floor). */
import type { Backend } from '../backend/backend.js';
import { detect, detectionAuc, type Sample } from '../detection.js';
import { percentileInterval, resampled, rowsByPatient, type Valued } from '../metrics/resampling.js';
import type { Stream } from '../random.js';

/** AUROC of the classifier two-sample test (C2ST): ½ = it cannot tell them apart. */
export interface Detectability {
  readonly auc: Valued;
  /** The same of training patients against the reference patients. */
  readonly floor: Valued;
  /** auc − floor: 0 = told apart no better than other patients are. */
  readonly excess: Valued;
}

/** Rows, and whose they are. */
interface Whose extends Sample {
  readonly patients: Int32Array;
}

/** Of synthetic rows and training rows, each against the reference rows; null with fewer than two rows or patients of a kind. */
export async function measureDetection(
  { synthetic, training, reference }: Readonly<Record<'synthetic' | 'training' | 'reference', Whose>>,
  resamples: number,
  stream: Stream,
  backend: Backend,
): Promise<Detectability | null> {
  // One stream for both: the same reference rows in the same folds where both sides are large enough.
  const told = await detect(synthetic, reference, stream.child('test'), backend);
  const others = await detect(training, reference, stream.child('test'), backend);
  if (!told || !others) return null;
  const of = (auc: number, floor: number) => ({ auc, floor, excess: auc - floor });
  const patients = [synthetic, training, reference].map((side) => rowsByPatient(side.patients));
  const drawn = Array.from({ length: resamples }, (_, b) => {
    const draw = stream.child('bootstrap').child(b);
    const [made, own, real] = patients.map((rows, side) => resampled(rows, draw.child(side))) as [Uint32Array, Uint32Array, Uint32Array];
    return of(detectionAuc(told, { made, real }), detectionAuc(others, { made: own, real }));
  });
  const whole = of(detectionAuc(told), detectionAuc(others));
  const valued = (name: keyof typeof whole): Valued => ({ value: whole[name], ...percentileInterval(drawn.map((draw) => draw[name])) });
  return { auc: valued('auc'), floor: valued('floor'), excess: valued('excess') };
}
