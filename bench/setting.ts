/** This process as items see it. */
import type { Variant } from '../ts/backend/backend.js';
import type { BenchSetting } from '../ts/bench/line.js';
import { cpuSeconds } from '../ts/node/measure.js';

export const settingOf = (variant: Variant): BenchSetting => ({ variant, cpuSeconds });
