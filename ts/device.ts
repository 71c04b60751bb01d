/** What a device can do, for pages and programs of one's own, browser-safe: the measurements of `synthward bench`. */
export { contextRenderer, isSoftware } from './backend/detect.js';
export { deviceItems } from './bench/device.js';
export { hasRelaxed } from './bench/limits.js';
export type { BenchItem, BenchLine, BenchSetting } from './bench/line.js';
export { figure } from './bench/run.js';
