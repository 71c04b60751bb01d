/** Small devices: memory that cannot grow, engines without SIMD, the whole augmentation within 256 MB. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { boosting } from '../../ts/classify/boosting.js';
import { forest } from '../../ts/classify/forest.js';
import { fitFeatures } from '../../ts/encode/features.js';
import { ComputeError } from '../../ts/errors.js';
import { tabddpm } from '../../ts/generate/tabddpm.js';
import { load } from '../../ts/index.js';
import { Stream } from '../../ts/random.js';
import { type Ended, refuses, succeeds, synthward } from '../cli/command.js';
import { bytesOf, tableBytes } from '../contract/fingerprint.js';
import { mixed } from '../contract/fixtures.js';
import { rejection } from '../contract/rejection.js';
import { temporaryFolder } from '../node/folder.js';

const test = suite('small devices');
const root = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = 65536;

/** Unsigned LEB128. */
function lebOf(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}

function readLeb(bytes: Uint8Array, at: number): { value: number; end: number } {
  let [value, shift, end] = [0, 0, at];
  for (;;) {
    const byte = bytes[end++] as number;
    value |= (byte & 127) << shift;
    shift += 7;
    if (byte < 128) return { value, end };
  }
}

/** The core with a memory that grows to `pages` and no further: section 5 of the module is one memory, its limits without a maximum (flag 0). */
function cappedCore(pages: number): Uint8Array {
  const bytes = readFileSync(join(root, 'build/simd.wasm'));
  for (let at = 8; at < bytes.length; ) {
    const { value: size, end: body } = readLeb(bytes, at + 1);
    if (bytes[at] === 5) {
      assert.equal([bytes[body], bytes[body + 1]], [1, 0], 'one memory without a maximum');
      const limits = [1, 1, ...bytes.subarray(body + 2, body + size), ...lebOf(pages)];
      return Uint8Array.from([...bytes.subarray(0, at), 5, ...lebOf(limits.length), ...limits, ...bytes.subarray(body + size)]);
    }
    at = body + size;
  }
  throw new Error('the core has no memory section');
}

test('where memory.grow fails the job ends with what to do, and nothing else is lost', async () => {
  const backend = await wasmBackend('simd', cappedCore(32)); // 2 MB
  const train = mixed({ rows: 200, positives: 80 });
  const run = { backend };
  const small = { steps: 20, timesteps: 10, layers: [32], hidden: 16 };
  const x = fitFeatures(train.features).features(train.features);
  const sampler = await tabddpm.fit(train, Stream.fromSeed(1), run, small);
  const rows = tableBytes(await sampler.sample(20, Stream.fromSeed(2), run));
  const trees = await boosting.fit(x, train.y, Stream.fromSeed(1), run, { rounds: 20 });
  const p = bytesOf(await trees.predict(x));
  const mark = backend.mark();

  const wide = new Float32Array(60_000 * 30);
  const labels = Uint8Array.from({ length: 60_000 }, (_, i) => i % 2);
  const jobs = [
    () => tabddpm.fit(train, Stream.fromSeed(1), run, { ...small, layers: [1024, 1024] }),
    () => forest.fit({ rows: 60_000, cols: 30, values: wide, spans: [] }, labels, Stream.fromSeed(1), run, { trees: 2 }),
  ];
  for (const job of jobs) {
    const error = await rejection(job());
    assert.instance(error, ComputeError);
    assert.match(error.message, /^out of memory: \d+ MB more did not fit beside the \d MB in use; take fewer rows or a smaller batch$/);
    assert.equal(backend.mark(), mark, 'the memory of the job that failed is free again');
    assert.ok(backend.memoryBytes() <= 32 * PAGE);
  }

  assert.is(tableBytes(await sampler.sample(20, Stream.fromSeed(2), run)), rows, 'what was fitted before draws as before');
  assert.is(bytesOf(await trees.predict(x)), p);
  const again = await tabddpm.fit(train, Stream.fromSeed(1), run, small);
  assert.is(tableBytes(await again.sample(20, Stream.fromSeed(2), run)), rows, 'and the backend trains again');
});

test('an engine without SIMD, or without memory for a core, is told what it needs', async () => {
  const { compile, Instance } = WebAssembly;
  try {
    WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError('invalid value type 0x7b'));
    for (const asked of [wasmBackend(), load()]) {
      const error = await rejection(asked);
      assert.instance(error, ComputeError);
      assert.match(
        error.message,
        /^the simd core does not run in this engine \(invalid value type 0x7b\); WebAssembly SIMD is needed: Node 16\.4, /,
      );
    }
    WebAssembly.compile = compile;
    WebAssembly.Instance = class {
      constructor() {
        throw new RangeError('could not allocate memory');
      }
    } as unknown as typeof Instance;
    const error = await rejection(wasmBackend());
    assert.instance(error, ComputeError);
    assert.match(
      error.message,
      /^out of memory: this engine has none for one more core \(.*could not allocate memory\); let other jobs end first$/,
    );
  } finally {
    WebAssembly.compile = compile;
    WebAssembly.Instance = Instance;
  }
  assert.is((await wasmBackend()).name, 'wasm');
  await load();
});

const LIMIT = 256e6; // bytes

/** The command in a process whose writable memory (heap, WebAssembly, stacks, code) the system holds to the limit; its peak in bytes. */
function limited(folder: string, args: readonly (string | number)[]): Ended & { readonly peak: number } {
  const tell = 'process.on("exit",()=>console.error("peak",process.resourceUsage().maxRSS))';
  const node = ['--import', `data:text/javascript,${tell}`, join(root, 'dist/cli.js'), ...args.map(String)];
  const shell = ['-c', `ulimit -d ${Math.floor(LIMIT / 1024)} && exec "$0" "$@"`, process.execPath, ...node];
  const { status, stdout, stderr } = spawnSync('sh', shell, { cwd: folder, encoding: 'utf8' });
  const peaks = [...stderr.matchAll(/^peak (\d+)$/gm)].map(([, kB]) => 1024 * Number(kB));
  assert.ok(peaks.length > 0, stderr);
  return { status, stdout, stderr: stderr.replace(/^peak \d+\n/gm, ''), peak: Math.max(...peaks) };
}

const augment = (out: string, ...more: string[]): string[] => {
  const table = join(root, 'data/breast_cancer.csv');
  return ['augment', table, '--target', 'diagnosis', '--positive', 'M', '--out', out, ...more];
};

// other systems take the limit and do not hold a process to it
if (process.platform === 'linux') {
  test('the whole augmentation of breast_cancer runs where the system gives 256 MB and no more', () => {
    const folder = temporaryFolder();
    const out = join(folder, 'balanced.csv');
    const { status, stderr, peak } = limited(folder, augment(out));
    assert.is(status, 0, stderr);
    assert.ok(peak <= LIMIT, `${peak} bytes`);
    assert.is(readFileSync(out, 'utf8').trim().split('\n').length, 1 + 2 * 357);
    succeeds(synthward(folder, ...augment('free.csv')));
    assert.is(readFileSync(out, 'utf8'), readFileSync(join(folder, 'free.csv'), 'utf8'), 'the rows of a process without a limit');
  });

  test('a job that needs more is told so, and leaves no file', async () => {
    const folder = temporaryFolder();
    const more = augment('balanced.csv', '--method', 'smote', '--count', '10000000');
    const told = /^synthward: out of memory: \d+ MB more did not fit beside the \d+ MB in use; take fewer rows/;
    await refuses(folder, more, told, async (...asked) => limited(...asked));
  });
} else console.log('not run: needs Linux, where ulimit -d holds');

test.run();
