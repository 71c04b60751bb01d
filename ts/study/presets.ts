import type { StudyScope } from './manifest.js';
import { methods } from './methods.js';

/** What `--preset` stands for. */
export interface Preset extends StudyScope {
  readonly name: string;
  readonly datasets: readonly string[];
}

const EMBEDDED = ['breast_cancer', 'pbc_visits', 'support2_icu'];
const QUICK_METHODS = ['none', 'weight', 'tuned', 'random', 'smote', 'rose', 'tabddpm'];
const METHODS = methods.map(({ name }) => name);
const CLASSIFIERS = ['rf', 'xgb'];
const SIMULATED_METHODS = ['none', 'weight', 'smote', 'rose', 'tabddpm'];

/** As many splits as end within about 3 minutes on two cores: one takes 37 CPU seconds on a Zen 4 (`cpu_s` of the manifest). */
const QUICK_SPLITS = 8;

const COMMON = { classifiers: CLASSIFIERS, tuned: true, tradeoffs: false };

export const presets: readonly Preset[] = [
  { ...COMMON, name: 'quick', datasets: EMBEDDED, methods: QUICK_METHODS, splits: QUICK_SPLITS, ratios: [1] },
  { ...COMMON, name: 'paper', datasets: EMBEDDED, methods: METHODS, splits: 10, ratios: [1, 0.25], tradeoffs: true },
  { ...COMMON, name: 'simulated', datasets: ['simulated_icu'], methods: SIMULATED_METHODS, splits: 3, ratios: [0.25] },
];
