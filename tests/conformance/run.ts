/**
 * `npm run conformance`: the same program with fixed seeds in every engine that is here, on the main thread and on a worker. One line
 * each: engine, version, SHA-256. Ends with 1 when two of them differ or one fails, and with REQUIRE=all when one is missing.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Engine, engines } from './engines.js';
import type { Digest } from './program.js';

interface Outcome {
  readonly main: Digest;
  readonly worker: Digest;
  readonly version: string;
}

const LIMIT_MS = 300_000;
const here = fileURLToPath(new URL('.', import.meta.url));

/** One file an entry, the wasm and the tables inside it. */
async function bundle(folder: string): Promise<void> {
  await build({
    entryPoints: ['process', 'page', 'worker'].map((name) => join(here, `${name}.ts`)),
    outdir: folder,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    external: ['node:*'],
    loader: { '.csv': 'text' },
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
    logOverride: { 'ignored-bare-import': 'silent' }, // between the chunks of dist/
  });
}

/** Ends a process and whatever it started. */
function stop(child: ChildProcess): void {
  try {
    process.kill(-(child.pid as number), 'SIGKILL');
  } catch {}
}

function inProcess({ command, arguments: before }: Engine, folder: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command as string, [...before(folder), join(folder, 'process.mjs')], { detached: true });
    const timer = setTimeout(() => stop(child), LIMIT_MS);
    let [output, errors] = ['', ''];
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      errors += data;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve({ ...JSON.parse(output), version: versionOf(command as string) });
      else reject(new Error(`ended with ${signal ?? code}: ${errors.trim().slice(-500)}`));
    });
  });
}

/** The first version number that the program says of itself. */
function versionOf(command: string): string {
  return execFileSync(command, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).match(/\d+(\.\d+)+/)?.[0] ?? '?';
}

const TYPES: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript' };
const PAGE = '<!doctype html><meta charset="utf-8"><title>conformance</title><script type="module" src="page.js"></script>';

/** Serves the page on loopback; `answer` gets what it posts back. */
function serve(folder: string, answer: (text: string) => void): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      let text = '';
      request.on('data', (data) => {
        text += data;
      });
      request.on('end', () => {
        response.end();
        answer(text);
      });
      return;
    }
    const name = request.url === '/' ? 'index.html' : (request.url ?? '').slice(1);
    const known = name === 'index.html' || name === 'page.js' || name === 'worker.js';
    response.writeHead(known ? 200 : 404, { 'content-type': TYPES[name.split('.').at(-1) as string] ?? 'text/plain' });
    response.end(name === 'index.html' ? PAGE : known ? readFileSync(join(folder, name.replace('.js', '.mjs'))) : '');
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function inBrowser({ command, arguments: before }: Engine, folder: string): Promise<Outcome> {
  const profile = mkdtempSync(join(tmpdir(), 'synthward-browser-'));
  let child: ChildProcess | undefined;
  let server: Server | undefined;
  try {
    const text = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer within ${LIMIT_MS / 1000} s`)), LIMIT_MS);
      const settle = (text: string) => {
        clearTimeout(timer);
        resolve(text);
      };
      serve(folder, settle).then((made) => {
        server = made;
        const address = `http://127.0.0.1:${(made.address() as AddressInfo).port}/`;
        child = spawn(command as string, [...before(profile), address], {
          detached: true,
          stdio: 'ignore',
          env: { ...process.env, HOME: profile },
        });
        child.on('error', reject);
      }, reject);
    });
    const outcome = JSON.parse(text);
    if (outcome.error) throw new Error(outcome.error);
    return { ...outcome, version: versionOf(command as string) };
  } finally {
    if (child) stop(child);
    server?.closeAllConnections();
    server?.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Names of the parts in which two digests differ. */
const differences = (a: Digest, b: Digest): string[] =>
  Object.keys({ ...a.parts, ...b.parts }).filter((part) => a.parts[part] !== b.parts[part]);

async function main(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'synthward-conformance-'));
  let reference: Digest | undefined;
  let good = true;
  const judge = (label: string, digest: Digest) => {
    reference ??= digest;
    const other = differences(reference, digest);
    console.log(`${label} ${digest.sha256}${other.length ? `  differs in ${other.join('; ')}` : ''}`);
    if (other.length || digest.sha256 !== reference.sha256) good = false;
  };
  try {
    await bundle(folder);
    for (const engine of engines) {
      if (!engine.command) {
        console.log(`${engine.name} not run: needs ${engine.remedy}`);
        if (process.env.REQUIRE === 'all') good = false;
        continue;
      }
      const name = engine.name.split(' ')[0] as string;
      try {
        const outcome = await (engine.kind === 'process' ? inProcess : inBrowser)(engine, folder);
        judge(`${name} ${outcome.version}`, outcome.main);
        judge(`${name}-worker ${outcome.version}`, outcome.worker);
      } catch (error) {
        console.log(`${engine.name} failed: ${(error as Error).message}`);
        good = false;
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(good ? 'the same bytes everywhere' : 'not the same everywhere');
  return good;
}

process.exitCode = (await main()) ? 0 : 1;
