/**
 * A JavaScript system as a measured process: `worker.mjs tfjs-wasm`. ../process.ts says what it answers.
 *
 * A system is a module whose `works` maps items to functions from a `Place` to a body: `run()` is timed, `value()` tells what it
 * computed, `reset()` comes before each run; where less than the whole work is run, `scale` and `note` say how much less.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The module of each system, and the packages that it needs. */
const SYSTEMS = {
  'tfjs-wasm': ['./tfjs.mjs', ['@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs']],
  'jax-js': ['./jax.mjs', ['@jax-js/jax']],
  'onnxruntime-web': ['./onnxruntime.mjs', ['onnxruntime-web']],
  'ml-xgboost': ['./ml-xgboost.mjs', ['ml-xgboost']],
  'ml-random-forest': ['./ml-random-forest.mjs', ['ml-random-forest']],
  'ydf-training': ['./ydf.mjs', ['ydf-training']],
};

const system = process.argv[2];
const [module, packages] = SYSTEMS[system];
const write = process.stdout.write.bind(process.stdout);
for (const name of ['log', 'info', 'debug', 'warn']) console[name] = console.error; // what libraries print is no answer
process.stdout.write = process.stderr.write.bind(process.stderr);

/** Where an item's data lies. */
class Place {
  constructor(item, folder) {
    this.item = item;
    this.folder = folder;
    this.work = JSON.parse(readFileSync(join(folder, 'work.json'), 'utf8'));
  }
  #buffer(name) {
    const { buffer, byteOffset, byteLength } = readFileSync(join(this.folder, name));
    return buffer.slice(byteOffset, byteOffset + byteLength);
  }
  floats(name) {
    return new Float32Array(this.#buffer(name));
  }
  words(name) {
    return new Uint32Array(this.#buffer(name));
  }
  octets(name) {
    return new Uint8Array(this.#buffer(name));
  }
  result(values) {
    const file = join(this.folder, `${this.item}.${system}.f32`);
    const floats = Float32Array.from(values);
    writeFileSync(file, new Uint8Array(floats.buffer));
    return { file };
  }
}

function versions() {
  const require = createRequire(import.meta.url);
  const found = [];
  for (const name of packages) {
    try {
      const folder = require.resolve.paths(name).find((path) => existing(join(path, name, 'package.json')));
      found.push(JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')).version);
    } catch {
      return { missing: `the npm package ${name}` };
    }
  }
  return { version: `${system} ${found[0]}` };
}

const existing = (file) => {
  try {
    return readFileSync(file) !== null;
  } catch {
    return false;
  }
};

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

let body = null;

async function answer(request) {
  if (request.do === 'end') {
    body = null;
    return { ended: true };
  }
  if (request.do === 'prepare') {
    const { version, missing } = versions();
    if (missing) return { missing };
    const { works } = await import(module);
    body = await works[request.item](new Place(request.item, request.folder));
    return { ready: version };
  }
  await body.reset?.();
  const start = cpuSeconds();
  await body.run();
  const seconds = (cpuSeconds() - start) * (body.scale ?? 1);
  return { seconds, value: await body.value(), note: body.note };
}

for await (const line of createInterface({ input: process.stdin })) {
  const reply = await answer(JSON.parse(line)).catch((error) => ({ error: `${error?.stack ?? error}`.split('\n')[0] }));
  write(`${JSON.stringify(reply)}\n`);
}
process.exit(0); // whatever threads a library still has
