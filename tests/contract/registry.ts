/** Every generator and classifier; the suites of this folder run over all of them. A new method is one more entry. */
import { boosting } from '../../ts/classify/boosting.js';
import type { Classifier } from '../../ts/classify/classifier.js';
import { forest } from '../../ts/classify/forest.js';
import { adasyn } from '../../ts/generate/adasyn.js';
import { borderline } from '../../ts/generate/borderline.js';
import { copula } from '../../ts/generate/copula.js';
import { ctgan } from '../../ts/generate/ctgan.js';
import { forestflow } from '../../ts/generate/forestflow.js';
import type { Generator } from '../../ts/generate/generator.js';
import { random } from '../../ts/generate/random.js';
import { rose } from '../../ts/generate/rose.js';
import { smote } from '../../ts/generate/smote.js';
import { tabddpm } from '../../ts/generate/tabddpm.js';
import { tabddpmJoint } from '../../ts/generate/tabddpm-joint.js';
import { tabddpmPartial } from '../../ts/generate/tabddpm-partial.js';
import { tvae } from '../../ts/generate/tvae.js';

export interface GeneratorEntry {
  readonly generator: Generator;
  /** Tells entries of one generator apart. */
  readonly variant?: string;
  /** Options that keep the tests fast; the contract does not depend on how well a method has learnt. */
  readonly options?: object;
  /** What the method may say of tables in which the classes lie as it cannot use them, tiny ones and those of one class. */
  readonly refusal?: RegExp;
}

export interface ClassifierEntry {
  readonly classifier: Classifier;
  readonly options?: object;
}

/** A network and a training run that take milliseconds. */
const SMALL = { steps: 40, timesteps: 10, layers: [32], hidden: 16 };
const SMALL_FLOW = { levels: 3, copies: 4, rounds: 8, depth: 2 };
const SMALL_GAN = { steps: 20, generator: [16, 16], critic: [16, 16], latent: 8 };
const SMALL_VAE = { steps: 40, encoder: [16], decoder: [16], latent: 8 };

const NO_BORDER = /"borderline" found no minority row .*; choose smote/;

export const generators: readonly GeneratorEntry[] = [
  { generator: random },
  { generator: smote },
  { generator: borderline, refusal: NO_BORDER },
  { generator: borderline, variant: 'kind 2', options: { kind: 2 }, refusal: NO_BORDER },
  { generator: adasyn, refusal: /"adasyn" found no majority row .*; choose smote/ },
  { generator: rose },
  { generator: copula },
  { generator: ctgan, options: SMALL_GAN },
  { generator: ctgan, variant: 'conditional', options: { ...SMALL_GAN, labels: 'conditional' } },
  { generator: tvae, options: SMALL_VAE },
  { generator: tvae, variant: 'conditional', options: { ...SMALL_VAE, labels: 'conditional' } },
  { generator: tabddpm, options: SMALL },
  { generator: tabddpm, variant: 'ddpm', options: { ...SMALL, sampler: 'ddpm' } },
  { generator: tabddpm, variant: 'strided', options: { ...SMALL, samplingSteps: 4 } },
  { generator: tabddpmJoint, options: SMALL },
  { generator: tabddpmJoint, variant: 'guided', options: { ...SMALL, guidance: 0.5 } },
  { generator: tabddpmPartial, options: SMALL },
  { generator: forestflow, options: SMALL_FLOW },
];

export const classifiers: readonly ClassifierEntry[] = [
  { classifier: boosting, options: { rounds: 30 } },
  { classifier: forest, options: { trees: 30 } },
];

export const nameOf = ({ generator, variant }: GeneratorEntry): string => (variant ? `${generator.name} (${variant})` : generator.name);
