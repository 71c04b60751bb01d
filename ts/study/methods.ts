/** The ways to treat a rare class that the study compares, in the order in which tables and pictures list them. */
import { InputError } from '../errors.js';
import { adasyn } from '../generate/adasyn.js';
import { borderline } from '../generate/borderline.js';
import { copula } from '../generate/copula.js';
import { ctgan } from '../generate/ctgan.js';
import { forestflow } from '../generate/forestflow.js';
import type { Generator } from '../generate/generator.js';
import { random } from '../generate/random.js';
import { rose } from '../generate/rose.js';
import { smote } from '../generate/smote.js';
import { tabddpm } from '../generate/tabddpm.js';
import { tabddpmJoint } from '../generate/tabddpm-joint.js';
import { tabddpmPartial } from '../generate/tabddpm-partial.js';
import { tvae } from '../generate/tvae.js';

/**
 * What becomes of the training part: nothing; positive rows weigh more; synthetic rows join it; half of the learners get synthetic
 * rows of their own (blend.ts); or nothing, and the classifiers give way to a regularised one (classify/tuned.ts).
 */
export type Treatment = 'nothing' | 'weigh' | 'augment' | 'blend' | 'tune';

/** A method of a study: what is done to the training part. */
export interface Method {
  readonly name: string;
  readonly treatment: Treatment;
  /** What makes the synthetic rows; null for a method that makes none. */
  readonly generator: Generator | null;
}

const plain = (name: string, treatment: Treatment): Method => ({ name, treatment, generator: null });
const blending = (name: string, generator: Generator): Method => ({ name, treatment: 'blend', generator });
const augmenting = (generator: Generator): Method => ({ name: generator.name, treatment: 'augment', generator });

/** Every method of a study, in the order of its reports. */
export const methods: readonly Method[] = [
  plain('none', 'nothing'),
  plain('weight', 'weigh'),
  plain('tuned', 'tune'),
  augmenting(random),
  augmenting(smote),
  augmenting(borderline),
  augmenting(adasyn),
  augmenting(rose),
  augmenting(copula),
  augmenting(ctgan),
  augmenting(tvae),
  augmenting(tabddpm),
  augmenting(tabddpmJoint),
  augmenting(tabddpmPartial),
  augmenting(forestflow),
  blending('tabddpm-blend', tabddpmPartial),
  blending('rose-blend', rose),
];

/** Whether a method does the same whatever the ratio. */
export const knowsNoRatio = ({ treatment }: Method): boolean => treatment !== 'weigh' && treatment !== 'augment';

/** Methods of one model learn the same from the same rows, so that one fit serves them; a method without a model is alone. */
export const modelOf = ({ name, generator }: Method): string => generator?.model?.name ?? generator?.name ?? name;

/** Throws {@link InputError} for a name that is none of `methods`. */
export function methodOf(name: string): Method {
  const found = methods.find((method) => method.name === name);
  if (!found) throw new InputError(`"method" expected one of ${methods.map((m) => m.name).join(', ')}, got ${name}`);
  return found;
}
