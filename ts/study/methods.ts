/** The ways to treat a rare class that the study compares, in the order in which tables and pictures list them. */
import { InputError } from '../errors.js';
import { adasyn } from '../generate/adasyn.js';
import { borderline } from '../generate/borderline.js';
import { ctgan } from '../generate/ctgan.js';
import type { Generator } from '../generate/generator.js';
import { random } from '../generate/random.js';
import { smote } from '../generate/smote.js';
import { tabddpm } from '../generate/tabddpm.js';
import { tvae } from '../generate/tvae.js';

export interface Method {
  readonly name: string;
  /** What makes the synthetic rows; null for a method that makes none. */
  readonly generator: Generator | null;
  /** Positive rows weigh as much as that many copies, in place of synthetic rows. */
  readonly weighted: boolean;
}

const augmenting = (generator: Generator): Method => ({ name: generator.name, generator, weighted: false });

export const methods: readonly Method[] = [
  { name: 'none', generator: null, weighted: false },
  { name: 'weight', generator: null, weighted: true },
  augmenting(random),
  augmenting(smote),
  augmenting(borderline),
  augmenting(adasyn),
  augmenting(ctgan),
  augmenting(tvae),
  augmenting(tabddpm),
];

/** Throws {@link InputError} for a name that is none of `methods`. */
export function methodOf(name: string): Method {
  const found = methods.find((method) => method.name === name);
  if (!found) throw new InputError(`"method" expected one of ${methods.map((m) => m.name).join(', ')}, got ${name}`);
  return found;
}
