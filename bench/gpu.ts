/**
 * The GPU backend beside the WASM one, wherever this machine has a GPU mode: in a page of Chromium (WebGL 2) and in Node (headless-gl).
 * Values are milliseconds on the GPU, references those on WASM in the same page or process.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { hasChromium, inChromium } from '../tests/gpu/chromium.js';
import { glFolder, underDisplay } from '../tests/gpu/gl.js';
import { crossover, type GpuTimes, gpuItemNames } from '../ts/bench/gpu.js';
import { type BenchItem, type BenchLine, line, notRun } from '../ts/bench/line.js';

interface Place {
  readonly words: string;
  readonly here: () => Promise<boolean>;
  readonly run: (item: string) => Promise<GpuTimes>;
}

const PLACES: readonly Place[] = [
  {
    words: 'WebGL 2 in Chromium',
    here: async () => hasChromium(),
    run: (item) =>
      inChromium<GpuTimes>(`
        import { gpuTimes } from './ts/bench/gpu.ts';
        globalThis.main = () => gpuTimes('${item}');
      `),
  },
  {
    words: 'headless-gl in Node',
    here: async () => (await glFolder()) !== null && underDisplay([]) !== null,
    run: inNode,
  },
];

const NEEDS = 'a GPU mode of gpu.js: Chromium, or the package gl (node scripts/headless-gl.mjs) with a display or xvfb-run';

export const gpuItems: readonly BenchItem[] = gpuItemNames.map((name) => ({
  name,
  run: async () => {
    const lines: BenchLine[] = [];
    for (const { words, here, run } of PLACES) if (await here()) lines.push(...linesOf(name, words, await run(name)));
    const largest = lines.find(({ reference }) => reference !== null);
    return largest ? [{ ...largest, item: name }, ...lines] : [notRun(name, 'ms', NEEDS)];
  },
}));

/** Largest size first, whose line stands for the item; then where the crossover lies, and on what. */
function linesOf(item: string, words: string, { device, sizes }: GpuTimes): BenchLine[] {
  const times = [...sizes]
    .reverse()
    .map(({ size, wasmMs, gpuMs }) => line(`${item}, ${size} rows, ${words}`, gpuMs, 'ms', { reference: wasmMs }));
  const wins = crossover(sizes);
  const unit = wins === null ? `none up to ${sizes.at(-1)?.size} rows` : 'rows';
  const where = { ...line(`${item}, crossover on ${device}`, 0, unit), value: wins };
  return [...times, where];
}

async function inNode(item: string): Promise<GpuTimes> {
  const child = fileURLToPath(new URL('./gpu-child.ts', import.meta.url));
  const [command, ...args] = underDisplay([process.execPath, '--import', 'tsx', child, item]) as [string, ...string[]];
  const env = { ...process.env, SYNTHWARD_GL: (await glFolder()) ?? '' };
  const { stdout } = await promisify(execFile)(command, args, { env, maxBuffer: 1 << 24 });
  return JSON.parse(stdout.slice(stdout.indexOf('{"device"'))) as GpuTimes;
}
