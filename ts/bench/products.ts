/** Matrix products against the multiply-add peak of the same run: that of plain instructions, or of fused ones for the relaxed core. */
import { wasmBackend } from '../backend/select.js';
import { measuredLimits, PEAK_FLOPS } from './limits.js';
import { type BenchItem, type BenchLine, type BenchSetting, line } from './line.js';
import { type Body, bestOfEach } from './timer.js';
import { FORMS, type Form, layer, product } from './work-network.js';

const TARGET = { simd: 0.75, relaxed: 0.8 };
const BACKWARD = 0.9; // of forward

const GF = (flops: number, seconds: number) => flops / seconds / 1e9;
const peakName = ({ variant }: BenchSetting) => (variant === 'relaxed' ? 'the FMA peak' : 'the peak');

/** The forms of one shape; the first is a layer's forward pass, and the item's own line. */
function gemmItem(name: string, shape: readonly [number, number, number], more: readonly (readonly [number, number, number])[]): BenchItem {
  return {
    name,
    relaxed: true,
    run: async (setting) => {
      const backend = await wasmBackend(setting.variant);
      const limits = await measuredLimits(setting);
      const forms = (Object.keys(FORMS) as Form[]).map((form) => [form, product(backend, shape, form)] as const);
      const others = more.map((other) => [other.join('×'), product(backend, other, 'NT')] as const);
      const works = new Map<string, ReturnType<typeof product>>([...forms, ...others]);
      const bodies: Record<string, Body> = { peak: limits.multiplyAdd };
      for (const [label, work] of works) bodies[label] = work.run;
      const seconds = await bestOfEach(bodies, setting, 20);
      const peak = GF(PEAK_FLOPS, seconds.peak as number);
      const atLeast = setting.variant === 'relaxed' ? TARGET.relaxed : TARGET.simd;
      const lines: BenchLine[] = [];
      for (const [label, { amount }] of works) {
        const judged = label in FORMS ? { reference: peak, atLeast, of: peakName(setting) } : { reference: peak };
        const item = label === 'NT' ? name : label in FORMS ? `${name}, ${label}` : `${name}, a layer of ${label}`;
        lines.push(line(item, GF(amount, seconds[label] as number), 'GF/s', judged));
      }
      return [...lines, line(`${name}, multiply-add peak`, peak, 'GF/s')];
    },
  };
}

export const gemm256 = gemmItem('gemm-256', [256, 256, 256], [[256, 256, 30], [256, 30, 256], [16, 256, 256], [1, 256, 256]]); // biome-ignore format: shapes
export const gemm4096 = gemmItem('gemm-4096', [4096, 256, 256], []);

export const gemmBackward: BenchItem = {
  name: 'gemm-backward',
  relaxed: true,
  run: async (setting) => {
    const lines: BenchLine[] = [];
    for (const B of [256, 4096]) {
      const { forward, backward } = layer(await wasmBackend(setting.variant), [B, 256, 256]);
      const seconds = await bestOfEach({ forward: forward.run, backward: backward.run }, setting);
      const reference = GF(forward.amount, seconds.forward);
      const item = B === 256 ? 'gemm-backward' : `gemm-backward, ${B} rows`;
      lines.push(line(item, GF(backward.amount, seconds.backward), 'GF/s', { reference, atLeast: BACKWARD, of: 'forward' }));
    }
    return lines;
  },
};
