/** The program as a process of Node, Deno or Bun (all of which know node:worker_threads), on the main thread and then on a worker. */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { conform, type Digest } from './program.js';

if (isMainThread) {
  const main = await conform();
  const worker = new Worker(new URL(import.meta.url));
  const other = await new Promise<Digest>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  console.log(JSON.stringify({ main, worker: other }));
} else {
  parentPort?.postMessage(await conform());
}
