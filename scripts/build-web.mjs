/** Builds the page into dist/web: bundles, style sheet, embedded tables, and a service worker that knows all of these files. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { build } from 'esbuild';
import { kernelText } from './kernel-text.mjs';

const OUT = 'dist/web';
const TABLES = ['breast_cancer', 'pbc_visits', 'support2_icu'];

const common = { bundle: true, format: 'esm', target: 'es2022', minify: true, outdir: OUT, logLevel: 'warning', plugins: [kernelText] };

/** The style sheet begins with the report's colours and its way of scrolling, so that page and report look alike. */
async function shared() {
  const { outputFiles } = await build({
    stdin: { contents: `export { palette, scrolling } from './ts/report/style.js'`, resolveDir: process.cwd() },
    bundle: true,
    format: 'esm',
    write: false,
  });
  const { palette, scrolling } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
  return `${palette}${scrolling}`;
}

/** The pages in the order of their menu: `web/SOURCE.html` and `web/SOURCE.ts`, the file that is made of them, and what the menu says. */
const PAGES = [
  { source: 'balance', file: 'index.html', menu: 'Balance a table' },
  { source: 'model', file: 'model.html', menu: 'Use a model' },
  { source: 'study', file: 'study.html', menu: 'Study' },
  { source: 'benchmark', file: 'benchmark.html', menu: 'Benchmark' },
];

/**
 * A page in its frame. Its first lines are fields of the frame, what follows the blank line is its content; there `{running}` alone on a line
 * stands for `web/running.html`.
 */
function framed({ source, file }) {
  const [head, ...content] = readFileSync(`web/${source}.html`, 'utf8').split('\n\n');
  const fields = Object.fromEntries(head.split('\n').map((line) => line.split(/: (.*)/, 2)));
  const pages = PAGES.map((page) => `<li><a href="${page.file}"${page.file === file ? ' aria-current="page"' : ''}>${page.menu}</a></li>`);
  const parts = { ...fields, main: content.join('\n\n').trim(), pages: pages.join(''), script: source };
  const put = (text) => text.replace(/^\{(\w+)\}$/gm, (_, shared) => readFileSync(`web/${shared}.html`, 'utf8').trim());
  return readFileSync('web/frame.html', 'utf8').replace(/\{(\w+)\}/g, (_, name) => put(parts[name]));
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
  await build({
    ...common,
    entryPoints: [...PAGES.map(({ source }) => source), 'worker'].map((name) => `web/${name}.ts`),
    splitting: true,
    chunkNames: 'chunk-[hash]',
  });
  for (const page of PAGES) writeFileSync(join(OUT, page.file), framed(page));
  writeFileSync(join(OUT, 'style.css'), `${await shared()}\n${readFileSync('web/style.css', 'utf8')}`);
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
