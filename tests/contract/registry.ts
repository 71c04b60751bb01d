/** Every generator and classifier; the suites of this folder run over all of them. A new method is one more entry. */
import { boosting } from '../../ts/classify/boosting.js';
import type { Classifier } from '../../ts/classify/classifier.js';
import { forest } from '../../ts/classify/forest.js';
import type { Generator } from '../../ts/generate/generator.js';
import { random } from '../../ts/generate/random.js';
import { smote } from '../../ts/generate/smote.js';
import { tabddpm } from '../../ts/generate/tabddpm.js';

export interface GeneratorEntry {
  readonly generator: Generator;
  /** Tells entries of one generator apart. */
  readonly variant?: string;
  /** Options that keep the tests fast; the contract does not depend on how well a method has learnt. */
  readonly options?: object;
}

export interface ClassifierEntry {
  readonly classifier: Classifier;
  readonly options?: object;
}

/** A network and a training run that take milliseconds. */
const SMALL = { steps: 40, timesteps: 10, layers: [32], hidden: 16 };

export const generators: readonly GeneratorEntry[] = [
  { generator: random },
  { generator: smote },
  { generator: tabddpm, options: SMALL },
  { generator: tabddpm, variant: 'conditional', options: { ...SMALL, labels: 'conditional' } },
  { generator: tabddpm, variant: 'ddpm', options: { ...SMALL, sampler: 'ddpm' } },
  { generator: tabddpm, variant: 'strided', options: { ...SMALL, samplingSteps: 4 } },
];

export const classifiers: readonly ClassifierEntry[] = [
  { classifier: boosting, options: { rounds: 30 } },
  { classifier: forest, options: { trees: 30 } },
];

export const nameOf = ({ generator, variant }: GeneratorEntry): string => (variant ? `${generator.name} (${variant})` : generator.name);
