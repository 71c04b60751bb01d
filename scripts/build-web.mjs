/** Builds the page into dist/web: bundles, style sheet, embedded tables, and a service worker that knows all of these files. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { build } from 'esbuild';
import { kernelText } from './kernel-text.mjs';

const OUT = 'dist/web';
const TABLES = ['breast_cancer', 'pbc_visits', 'support2_icu'];

const common = { bundle: true, format: 'esm', target: 'es2022', minify: true, outdir: OUT, logLevel: 'warning', plugins: [kernelText] };

/** The style sheet begins with the report's colours, so that page and report look alike. */
async function palette() {
  const { outputFiles } = await build({
    stdin: { contents: `export { palette } from './ts/report/style.js'`, resolveDir: process.cwd() },
    bundle: true,
    format: 'esm',
    write: false,
  });
  return (await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`)).palette;
}

function* filesOf(folder, under = '') {
  for (const name of readdirSync(join(folder, under)).sort()) {
    const path = posix.join(under, name);
    if (statSync(join(folder, path)).isDirectory()) yield* filesOf(folder, path);
    else yield path;
  }
}

export async function buildWeb() {
  mkdirSync(join(OUT, 'data'), { recursive: true });
  const pages = readdirSync('web').filter((name) => name.endsWith('.html'));
  const entries = pages.map((page) => readFileSync(join('web', page), 'utf8').match(/<script type="module" src="([\w-]+)\.js">/)[1]);
  await build({
    ...common,
    entryPoints: [...new Set(entries), 'worker'].map((name) => `web/${name}.ts`),
    splitting: true,
    chunkNames: 'chunk-[hash]',
  });
  for (const page of pages) copyFileSync(join('web', page), join(OUT, page));
  writeFileSync(join(OUT, 'style.css'), `${await palette()}\n${readFileSync('web/style.css', 'utf8')}`);
  for (const table of TABLES)
    for (const kind of ['csv', 'json']) copyFileSync(`data/${table}.${kind}`, join(OUT, 'data', `${table}.${kind}`));
  const files = [...filesOf(OUT)];
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(join(OUT, file)));
  await build({
    ...common,
    entryPoints: ['web/service-worker.ts'],
    format: 'iife',
    define: { FILES: JSON.stringify(['./', ...files]), BUILD: JSON.stringify(`synthward-${hash.digest('hex').slice(0, 16)}`) },
  });
}
