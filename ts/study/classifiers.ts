/** The classifiers that every cell trains. */
import { boosting } from '../classify/boosting.js';
import type { Classifier } from '../classify/classifier.js';
import { forest } from '../classify/forest.js';
import { InputError } from '../errors.js';

export const classifiers: readonly Classifier[] = [forest, boosting];

/** Throws {@link InputError} for a name that is none of `classifiers`. */
export function classifierOf(name: string): Classifier {
  const found = classifiers.find((classifier) => classifier.name === name);
  if (!found) throw new InputError(`"classifier" expected one of ${classifiers.map((c) => c.name).join(', ')}, got ${name}`);
  return found;
}
