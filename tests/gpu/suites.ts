/** Runs a file of GPU cases in every mode that this machine has, and reports each case to a suite of uvu. */
import { execFile } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Test } from 'uvu';
import type { GpuMode } from '../../ts/backend/detect.js';
import { has } from '../requirements.js';
import { type CaseResults, casesOf, type GpuCase } from './cases.js';
import { inChromium } from './chromium.js';
import { glFolder } from './gl.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const LIMIT_MS = 240_000;

interface Place {
  readonly mode: GpuMode;
  readonly words: string;
  readonly here: () => boolean;
  readonly run: (file: string) => Promise<CaseResults>;
}

const PLACES: readonly Place[] = [
  { mode: 'webgl2', words: 'Chromium, WebGL 2', here: () => has('command:chromium'), run: (file) => inPage(file, 'webgl2') },
  { mode: 'webgpu', words: 'Chromium, WebGPU', here: () => has('command:chromium'), run: (file) => inPage(file, 'webgpu') },
  { mode: 'headlessgl', words: 'Node, headless-gl', here: () => has('command:xvfb-run') && has('gl:headless'), run: inNode },
];

/** Adds one test for each case and mode. `file` is a path from the repository's root: 'tests/gpu/kernels-cases.ts'. */
export async function addGpuCases(test: Test, file: string): Promise<void> {
  const { cases } = (await import(pathToFileURL(`${root}${file}`).href)) as { cases: readonly GpuCase[] };
  for (const { mode, words, here, run } of PLACES) {
    const wanted = casesOf(cases, mode);
    if (wanted.length === 0 || !here()) continue;
    const outcome = run(file).catch((error: Error) => error);
    for (const { name } of wanted) {
      test(`${words}: ${name}`, async () => {
        const results = await outcome;
        if (results instanceof Error) throw results;
        const result = results.cases.find((one) => one.name === name);
        if (!result) throw new Error(`no result; the device was ${results.device}`);
        if (result.error !== null) throw new Error(`on ${results.device}: ${result.error}`);
      });
    }
  }
}

const inPage = (file: string, mode: GpuMode): Promise<CaseResults> =>
  inChromium(`
    import { cases } from './${file}';
    import { runCases } from './tests/gpu/cases.ts';
    globalThis.main = () => runCases(cases, '${mode}');
  `);

/** In a process of its own with a display of its own. */
async function inNode(file: string): Promise<CaseResults> {
  const child = fileURLToPath(new URL('./child.ts', import.meta.url));
  const { stdout } = await promisify(execFile)('xvfb-run', ['-a', process.execPath, '--import', 'tsx', child, file], {
    cwd: root,
    env: { ...process.env, SYNTHWARD_GL: (await glFolder()) ?? '' },
    maxBuffer: 1 << 26,
    timeout: LIMIT_MS,
  });
  return JSON.parse(stdout.slice(stdout.indexOf('{"device"'))) as CaseResults;
}
