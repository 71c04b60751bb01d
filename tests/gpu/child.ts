/** Runs the GPU cases of one file in this process through headless-gl, and prints their results as JSON. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { provideGl } from '../../ts/node/gpu.js';
import { type GpuCase, runCases } from './cases.js';

provideGl();
const { cases } = (await import(pathToFileURL(resolve(process.argv[2] as string)).href)) as { cases: readonly GpuCase[] };
process.stdout.write(`${JSON.stringify(await runCases(cases, 'headlessgl'))}\n`);
process.exit(0); // the context keeps the process alive
