/** A page of headless Chromium with WebGL 2 and WebGPU, on SwiftShader unless asked otherwise, where code of this repository runs bundled by esbuild. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { kernelText } from '../../scripts/kernel-text.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The same rasteriser on every machine, for tests; with CHROMIUM_GPU=hardware what the machine has. */
const SWIFTSHADER = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--use-webgpu-adapter=swiftshader'];
const HARDWARE = ['--ignore-gpu-blocklist', '--enable-gpu'];
const FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Text of a module for a page. `source` is TypeScript whose imports are paths from the repository's root ('./tests/…'). */
export async function bundleForPage(source: string, minify = false): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    bundle: true,
    minify,
    plugins: minify ? [kernelText] : [],
    write: false,
    format: 'esm',
    platform: 'browser',
    external: ['node:*'],
    target: 'es2022',
    logLevel: 'warning',
  });
  return outputFiles[0]?.text as string;
}

/**
 * Runs a module in a fresh browser and gives what its `globalThis.main()` resolves to (as JSON). Throws what the page throws,
 * also outside `main`.
 */
export async function inChromium<Result>(source: string, { limitSeconds = 240, minify = false } = {}): Promise<Result> {
  const script = await bundleForPage(source, minify);
  const server = await emptyPage();
  const browser = await chromium.launch({
    executablePath: pathOf() as string,
    args: [...(process.env.CHROMIUM_GPU === 'hardware' ? HARDWARE : SWIFTSHADER), ...FLAGS],
  });
  try {
    const page = await browser.newPage();
    const fault = new Promise<never>((_, reject) => {
      page.on('pageerror', reject);
    });
    fault.catch(() => undefined); // whoever races against it sees it
    const late = sleep(limitSeconds * 1000, null, { ref: false }).then(() => {
      throw new Error(`the page was not done after ${limitSeconds} s`);
    });
    const run = async () => {
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.addScriptTag({ content: script, type: 'module' });
      await page.waitForFunction(() => 'main' in globalThis, null, { timeout: limitSeconds * 1000 }); // a module runs when it likes
      return page.evaluate(() => (globalThis as unknown as { main: () => Promise<unknown> }).main());
    };
    return (await Promise.race([run(), fault, late])) as Result;
  } finally {
    await browser.close();
    server.close();
  }
}

/** A page of an origin of its own, and the files of data/: workers and WebGPU want a secure one, which 127.0.0.1 is. */
async function emptyPage(): Promise<Server> {
  const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }; // a finer clock
  const server = createServer(({ url = '' }, answer) => {
    if (/^\/data\/\w+\.csv$/.test(url)) return answer.writeHead(200, isolated).end(readFileSync(`${root}${url.slice(1)}`));
    answer.writeHead(200, { 'content-type': 'text/html', ...isolated }).end('<!doctype html><title>GPU</title>');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

/** The command that CHROMIUM names, `chromium` otherwise; null where there is none. */
function pathOf(): string | null {
  const { stdout, status } = spawnSync('which', [process.env.CHROMIUM ?? 'chromium'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

export const hasChromium = (): boolean => pathOf() !== null;
