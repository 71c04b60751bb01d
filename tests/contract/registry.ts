/** Every generator and classifier; the suites of this folder run over all of them. A new method is one more entry. */
import type { Classifier } from '../../ts/classify/classifier.js';
import type { Generator } from '../../ts/generate/generator.js';
import { random } from '../../ts/generate/random.js';
import { smote } from '../../ts/generate/smote.js';

export interface GeneratorEntry {
  readonly generator: Generator;
  /** Options that keep the tests fast; the contract does not depend on how well a method has learnt. */
  readonly options?: object;
}

export interface ClassifierEntry {
  readonly classifier: Classifier;
  readonly options?: object;
}

export const generators: readonly GeneratorEntry[] = [{ generator: random }, { generator: smote }];

export const classifiers: readonly ClassifierEntry[] = [];
