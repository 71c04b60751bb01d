/**
 * What gpu.js needs in Node and a page has by itself: a GL context, from the package `gl`, which is the user's to install.
 * SYNTHWARD_GL names its folder where it lies elsewhere than beside gpu.js.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { InputError } from '../errors.js';

type Loader = (module: NodeModule, file: string) => void;
type Resolver = (request: string, ...rest: unknown[]) => string;
const internals = Module as unknown as { _resolveFilename: Resolver; _extensions: Record<string, Loader> };

/** Makes `require('gl')` of gpu.js find the package that SYNTHWARD_GL names, and load on this thread; before gpu.js is loaded. */
export function provideGl(): void {
  const folder = process.env.SYNTHWARD_GL;
  if (folder) {
    const entry = entryOf(folder);
    const resolveFilename = internals._resolveFilename;
    internals._resolveFilename = (request, ...rest) => (request === 'gl' ? entry : resolveFilename(request, ...rest));
  }
  if (!isMainThread) loadOwnLibrary();
}

function entryOf(folder: string): string {
  try {
    return createRequire(import.meta.url).resolve(resolve(folder));
  } catch {
    throw new InputError(`"SYNTHWARD_GL" expected the folder of the package gl, got ${folder}`);
  }
}

/** A native library of a copy of its own for this thread: that of `gl` registers with one thread of a process only. */
function loadOwnLibrary(): void {
  const load = internals._extensions['.node'] as Loader;
  internals._extensions['.node'] = (module, file) => {
    if (basename(file) !== 'webgl.node' || !existsSync(file)) return load(module, file);
    const folder = mkdtempSync(join(tmpdir(), 'synthward-gl-'));
    const copy = join(folder, 'webgl.node');
    copyFileSync(file, copy);
    try {
      process.dlopen(module, copy);
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 2 });
    }
  };
}
