/** Times of one GPU item in this process through headless-gl, as JSON. */
import { gpuTimes } from '../ts/bench/gpu.js';
import { provideGl } from '../ts/node/gpu.js';

provideGl();
process.stdout.write(`${JSON.stringify(await gpuTimes(process.argv[2] as string))}\n`);
process.exit(0); // the context keeps the process alive
