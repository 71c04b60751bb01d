/**
 * Builds the core (`build/*.wasm`, and the modules that inline it) and, without `--core`, the package in `dist/`.
 * Usage: node scripts/build.mjs [--core]
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildWeb } from './build-web.mjs';
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

async function buildPackage() {
  rmSync('dist', { recursive: true, force: true });
  const common = { bundle: true, format: 'esm', target: 'es2022', splitting: true, outdir: 'dist', logLevel: 'warning' };
  await build({
    ...common,
    entryPoints: ['ts/index.ts', 'ts/experiment.ts'],
    platform: 'browser',
    external: ['gpu.js'],
    minify: true,
    sourcemap: true,
  });
  await build({
    ...common,
    entryPoints: { cli: 'ts/cli/main.ts', node: 'ts/node.ts', worker: 'ts/node/worker.ts' },
    platform: 'node',
    packages: 'external',
    chunkNames: 'chunks/[name]-[hash]',
  });
  copyFileSync('build/simd.wasm', 'dist/core.wasm');
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
