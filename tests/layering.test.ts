/** The import arrows of docs/architecture.md, read from the source text (so that `import type` counts too), and the ban on inexact Math. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each part of ts/ may import besides itself. `all` names every part above it. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  random: ['errors'],
  errors: [],
  checksum: [],
  version: [],
  backend: ['random', 'errors', 'kernels', 'wasm'],
  table: ['random', 'errors', 'checksum'],
  simulate: ['random', 'errors', 'table', 'backend'],
  encode: ['table', 'errors'],
  nn: ['backend', 'random', 'errors'],
  store: ['errors', 'checksum'],
  'stored-model': ['version', 'random', 'errors', 'backend', 'table', 'store', 'generate'],
  model: ['stored-model', 'version', 'random', 'errors', 'backend', 'table', 'store', 'generate'],
  'classifier-model': ['version', 'errors', 'backend', 'table', 'encode', 'store', 'classify', 'model'],
  exchange: ['version', 'errors', 'backend', 'table', 'encode', 'store', 'classify', 'model', 'classifier-model', 'onnx-export'],
  'onnx-export': ['version', 'errors', 'backend', 'table', 'encode', 'nn', 'store', 'classify', 'generate', 'model'],
  generate: ['table', 'encode', 'nn', 'backend', 'random', 'store', 'errors'],
  classify: ['table', 'encode', 'backend', 'random', 'store', 'errors'],
  metrics: ['table', 'backend', 'encode', 'random', 'errors'],
  detection: ['random', 'backend', 'classify', 'metrics'],
  study: ['version', 'detection', 'random', 'errors', 'backend', 'table', 'encode', 'nn', 'store', 'generate', 'classify', 'metrics'],
  audit: ['version', 'detection', 'random', 'errors', 'backend', 'table', 'encode', 'nn', 'store', 'generate', 'classify', 'metrics'],
  report: ['metrics', 'study', 'audit', 'errors', 'version'],
  bench: ['random', 'errors', 'backend', 'table', 'simulate', 'encode', 'nn', 'store', 'generate', 'classify', 'metrics', 'wasm'],
  device: ['backend', 'bench'],
  library: [
    'version',
    'model',
    'classifier-model',
    'exchange',
    'random',
    'errors',
    'backend',
    'table',
    'encode',
    'store',
    'generate',
    'classify',
  ],
  core: ['version', 'stored-model', 'random', 'errors', 'backend', 'table', 'encode', 'store', 'generate', 'classify'],
  index: [
    'version',
    'model',
    'classifier-model',
    'exchange',
    'random',
    'errors',
    'backend',
    'table',
    'simulate',
    'encode',
    'nn',
    'store',
    'generate',
    'classify',
    'metrics',
    'study',
    'audit',
    'report',
    'library',
  ],
};
/** What a page of one's own imports for studies. */
const EXPERIMENT = ['report', 'study', 'table', 'simulate'];
const BELOW_NODE = [...Object.keys(ARROWS)];
const NODE: Readonly<Record<string, readonly string[]>> = {
  node: BELOW_NODE,
  experiment: EXPERIMENT,
  cli: ['node', ...BELOW_NODE],
};
const RULES: Readonly<Record<string, readonly string[]>> = { ...ARROWS, ...NODE };

/** Packages that browser-safe code may use; everything else of npm belongs to ts/node and ts/cli. */
const BROWSER_PACKAGES = [
  '@assemblyscript/loader',
  '@observablehq/plot',
  'papaparse',
  'zod',
  'zod/mini',
  'ml-matrix',
  'protobufjs/minimal.js',
  'hyparquet-writer',
];
/** Of ts/backend, and never part of a bundle: it is the user's to install, and loaded when a GPU is asked for. */
const GPU_PACKAGE = 'gpu.js';
const EXACT_MATH = /^(abs|min|max|floor|ceil|round|trunc|sign|sqrt|fround|imul|clz32|E|LN2|LN10|LOG2E|LOG10E|PI|SQRT1_2|SQRT2)$/;

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (path.endsWith('.ts')) yield path;
  }
}

/** The text without comments, so that prose about an import is none. Strings stay. */
const code = (path: string) =>
  readFileSync(join(root, path), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1');

function imports(text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1] as string);
}

/** The part of ts/ (`table`, `random` …), `wasm` for the built core, `kernels`, or the package's name. */
function partOf(importer: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const path = posix.normalize(posix.join(dirname(importer), specifier));
  if (path.startsWith('build/')) return 'wasm';
  if (path.startsWith('kernels/')) return 'kernels';
  const [top, first] = path.split('/') as [string, string | undefined];
  return top === 'ts' && first ? first.replace(/\.(js|ts)$/, '') : path;
}

const layering = suite('layering');

layering('imports follow the arrows', () => {
  const faults: string[] = [];
  let seen = 0;
  for (const path of sources('ts')) {
    const own = (path.split('/')[1] as string).replace(/\.ts$/, '');
    const allowed = RULES[own];
    if (!allowed) {
      faults.push(`${path}: "${own}" has no rule in tests/layering.test.ts`);
      continue;
    }
    for (const specifier of imports(code(path))) {
      seen++;
      const part = partOf(path, specifier);
      if (specifier.startsWith('.')) {
        if (part !== own && !allowed.includes(part))
          faults.push(`${path} imports ${part}; it may import ${allowed.join(', ') || 'nothing'}`);
      } else if (own === 'backend' && specifier === GPU_PACKAGE) {
      } else if (own !== 'node' && own !== 'cli' && !BROWSER_PACKAGES.includes(specifier)) {
        faults.push(`${path} imports "${specifier}"; only ts/node and ts/cli may, because the rest runs in a browser`);
      }
    }
  }
  assert.ok(seen > 20, `only ${seen} imports were seen`);
  assert.equal(faults, []);
});

layering('generators and classifiers know nothing of each other or of the metrics', () => {
  for (const path of [...sources('ts/generate'), ...sources('ts/classify')]) {
    const own = path.split('/')[1];
    for (const specifier of imports(code(path))) {
      const part = partOf(path, specifier);
      assert.not.ok(part !== own && ['generate', 'classify', 'metrics'].includes(part), `${path} imports ${part}`);
    }
  }
});

layering('the page imports the public modules alone, and a package for digests', () => {
  for (const path of sources('web')) {
    for (const specifier of imports(code(path))) {
      if (/^\.\/[\w-]+\.js$/.test(specifier) || specifier.startsWith('@noble/hashes/')) continue;
      assert.ok(['../ts/index.js', '../ts/experiment.js', '../ts/device.js'].includes(specifier), `${path} imports ${specifier}`);
    }
  }
});

layering('only the bridge sees linear memory', () => {
  for (const path of sources('ts')) {
    if (path === 'ts/backend/core-memory.ts') continue;
    assert.not.match(
      code(path),
      /memory\.buffer|WebAssembly\.Memory/,
      `${path} touches linear memory; ts/backend/core-memory.ts is the only place for it`,
    );
  }
});

layering('relaxed instructions stand in one file', () => {
  for (const path of sources('assembly')) {
    if (path === 'assembly/lib/madd.ts') continue;
    assert.not.match(code(path), /relaxed_/, path);
  }
});

layering('the core imports its own files only', () => {
  for (const path of sources('assembly')) {
    for (const specifier of imports(code(path))) assert.match(specifier, /^\.\.?\//, `${path} imports ${specifier}`);
  }
});

layering('kernels import nothing: gpu.js reads the text of each function by itself', () => {
  for (const path of sources('kernels')) assert.equal(imports(code(path)), [], path);
});

layering('only exactly defined Math on the way to a result', () => {
  const faults: string[] = [];
  for (const path of sources('ts')) {
    if (/^ts\/(report|cli)\//.test(path) || path === 'ts/bench/cohort.ts') continue; // a table to be timed on, no result
    const text = code(path);
    for (const match of text.matchAll(/\bMath\.(\w+)/g)) {
      if (!EXACT_MATH.test(match[1] as string)) faults.push(`${path}: Math.${match[1]} differs between engines; use backend.special`);
    }
    if (/[^*]\*\*[^*]/.test(text)) faults.push(`${path}: ** differs between engines`);
  }
  assert.equal(faults, []);
});

layering('browser-safe code names no Node global', () => {
  for (const path of sources('ts')) {
    if (/^ts\/(node|cli)\//.test(path) || path === 'ts/node.ts') continue;
    assert.not.match(code(path), /\bprocess\.|\brequire\(|\bBuffer\b|__dirname/, path);
  }
});

layering.run();
