/**
 * Builds the core (`build/*.wasm`, and the modules that inline it) and, without `--core`, the package in `dist/`.
 * Usage: node scripts/build.mjs [--core]
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { build } from 'esbuild';
import { buildWeb } from './build-web.mjs';
import { kernelText } from './kernel-text.mjs';
import { writeStamp } from './stamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const bin = (path) => [process.execPath, `node_modules/${path}`];

function run([command, ...args], more) {
  execFileSync(command, [...args, ...more], { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Writes build/<file>.js, a module whose exports hold the bytes of build/<name>.wasm. */
async function inline(file, ...names) {
  await build({
    stdin: {
      contents: names.map((name) => `export { default as ${name} } from './${name}.wasm';`).join('\n'),
      resolveDir: `${root}/build`,
    },
    outfile: `build/${file}.js`,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    loader: { '.wasm': 'binary' },
    logLevel: 'warning',
  });
  writeFileSync(`build/${file}.d.ts`, names.map((name) => `export declare const ${name}: Uint8Array;\n`).join(''));
}

async function buildCore() {
  mkdirSync('build', { recursive: true });
  for (const target of ['simd', 'relaxed', 'debug']) run(bin('assemblyscript/bin/asc.js'), ['--target', target]);
  for (const target of ['simd', 'relaxed'])
    run(bin('assemblyscript/bin/asc.js'), ['--config', 'assembly/bench/asconfig.json', '--target', target]);
  await inline('core', 'simd');
  await inline('core-relaxed', 'relaxed');
  await inline('limits', 'limits', 'limitsRelaxed');
}

/** In a page's bundle the cores are packed, see ts/backend/inflate.ts; `simd` is the one taken for build/core.js. */
const packed = (simd) => ({
  name: 'packed',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /[\\/]build[\\/]core(-relaxed)?\.js$/ }, ({ path }) => {
      const [name, file] = path.endsWith('core.js') ? ['simd', simd] : ['relaxed', 'relaxed'];
      const { size } = statSync(`build/${file}.wasm`);
      const contents = `import { inflate } from '../ts/backend/inflate.ts'; import data from 'packed:${file}'; export const ${name} = inflate(data, ${size});`;
      return { contents, resolveDir: `${root}/build` };
    });
    onResolve({ filter: /^packed:/ }, ({ path }) => ({ path: path.slice('packed:'.length), namespace: 'packed' }));
    onLoad({ filter: /./, namespace: 'packed' }, ({ path }) => ({
      contents: deflateRawSync(readFileSync(`build/${path}.wasm`), { level: 9, memLevel: 9 }),
      loader: 'binary',
    }));
  },
});

/** The command line reads the core from the file beside it, which is quicker than text. */
const beside = {
  name: 'beside',
  setup({ onLoad }) {
    const contents = `import { readFileSync } from 'node:fs'; export const simd = readFileSync(\`\${__dirname}/core.wasm\`);`;
    onLoad({ filter: /[\\/]build[\\/]core\.js$/ }, () => ({ contents }));
  },
};

/** Commander can start programs of their own for commands; none does here, and what Node loads for it takes longer than parsing. */
const noPrograms = {
  name: 'no-programs',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'none', namespace: 'no-programs' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'no-programs' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Loaded by the command line's file itself, so that `sample` starts as one file. */
const AT_HAND = ['ts/cli/sample.ts'];

/** The Node part: the command line with `sample` in one file, CommonJS because Node starts that sooner, which loads every other command, and what few draws need, from `parts/`. */
async function buildNode(common) {
  const node = { ...common, platform: 'node' };
  const parts = {};
  const apart = {
    name: 'apart',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^\.\.?\// }, ({ path, kind, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined;
        const module = relative(root, join(resolveDir, path)).replace(/^ts(.*)\.js$/, 'ts$1.ts');
        if (AT_HAND.includes(module)) return undefined;
        const name = `parts/${module.replace(/^ts\//, '').replace(/\.[jt]s$/, '')}`;
        parts[name] = module;
        return { path: `./${name}.js`, external: true };
      }),
  };
  const external = ['gpu.js'];
  await build({
    ...node,
    entryPoints: { 'cli-program': 'ts/cli/main.ts' },
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    splitting: false,
    minify: true,
    plugins: [...common.plugins, apart, beside, noPrograms],
    external,
  });
  const program = readFileSync('dist/cli-program.cjs', 'utf8').replaceAll('import("', 'load("');
  writeFileSync('dist/cli-program.cjs', `const load = module.importPart ?? ((file) => import(file));\n${program}`);
  copyFileSync('scripts/cli-start.cjs', 'dist/cli.cjs');
  chmodSync('dist/cli.cjs', 0o755);
  const [imported, start] = ["import { createRequire } from 'node:module';", "createRequire(import.meta.url)('./cli.cjs');"];
  writeFileSync('dist/cli.js', `#!/usr/bin/env node\n${imported}\n\n${start}\n`, { mode: 0o755 });
  await build({
    ...node,
    entryPoints: { node: 'ts/node.ts', worker: 'ts/node/worker.ts', ...parts },
    packages: 'external',
    chunkNames: 'chunks/[name]-[hash]',
  });
}

async function buildPackage() {
  rmSync('dist', { recursive: true, force: true });
  const common = {
    bundle: true,
    format: 'esm',
    target: 'es2022',
    splitting: true,
    outdir: 'dist',
    logLevel: 'warning',
    plugins: [kernelText],
  };
  const browser = { ...common, platform: 'browser', external: ['gpu.js'], minify: true, sourcemap: true };
  const plugins = (simd) => [...common.plugins, packed(simd)];
  await build({ ...browser, plugins: plugins('simd'), entryPoints: ['ts/index.ts', 'ts/experiment.ts'] });
  run(bin('assemblyscript/bin/asc.js'), ['--config', 'assembly/small/asconfig.json', '--target', 'simd']);
  await build({ ...browser, plugins: plugins('small'), entryPoints: ['ts/core.ts'], splitting: false });
  await buildNode(common);
  copyFileSync('build/simd.wasm', 'dist/core.wasm');
  execFileSync(process.execPath, ['scripts/cli-cache.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] });
  run(bin('typescript/bin/tsc'), [
    '--noEmit',
    'false',
    '--declaration',
    '--emitDeclarationOnly',
    '--rootDir',
    '.', // kernels/ lies beside ts/; only the declarations of ts/ are part of the package
    '--outDir',
    'dist/declarations',
    '-p',
    'tsconfig.package.json',
  ]);
  renameSync('dist/declarations/ts', 'dist/types');
  rmSync('dist/declarations', { recursive: true });
}

await buildCore();
if (!process.argv.includes('--core')) {
  await buildPackage();
  await buildWeb();
  writeStamp();
}
