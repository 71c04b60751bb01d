/** Our side as a measured process: `worker.ts simd` or `worker.ts relaxed`. See ../process.ts for what it answers. */
import { createInterface } from 'node:readline';
import type { Backend, Variant } from '../../../ts/backend/backend.js';
import { wasmBackend } from '../../../ts/backend/select.js';
import { VERSION } from '../../../ts/version.js';
import type { Answer, Request } from '../process.js';
import { type Bodies, type Body, cpuSeconds } from './body.js';
import { network } from './network.js';
import { rows } from './rows.js';
import { trees } from './trees.js';

const BODIES: Bodies = { ...network, ...trees, ...rows };
const variant = process.argv[2] as Variant;
let backend: Backend | null = null;
let body: Body | null = null;

async function answer(request: Request): Promise<Answer> {
  if (request.do === 'prepare') {
    const make = BODIES[request.item];
    if (!make) return { error: `does not know the item ${request.item}` };
    if (!(await canRun(variant))) return { missing: 'an engine with relaxed SIMD' };
    backend = await wasmBackend(variant); // a new one, whose memory the item has for itself
    body = await make({ ...request, backend });
    return { ready: `${VERSION} ${variant}, ${process.version}` };
  }
  if (request.do === 'end') body = backend = null;
  if (!body) return {};
  body.reset?.();
  const start = cpuSeconds();
  const told = await body.run();
  const seconds = (told as { seconds: number } | undefined)?.seconds ?? cpuSeconds() - start;
  return { seconds, value: await body.value() };
}

async function canRun(wanted: Variant): Promise<boolean> {
  if (wanted !== 'relaxed') return true;
  return WebAssembly.validate((await import('../../../build/core-relaxed.js')).relaxed as BufferSource);
}

for await (const line of createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(line) as Request).catch((error: Error): Answer => ({ error: error.message }));
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
