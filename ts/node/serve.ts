/** Serves the page of the package on this machine alone. */

import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../errors.js';

const HOST = '127.0.0.1';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
};

/** The page's own folder, beside this module in the package. */
function webFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    for (const web of [join(folder, 'web'), join(folder, 'dist', 'web')]) if (existsSync(join(web, 'service-worker.js'))) return web;
    const parent = dirname(folder);
    if (parent === folder) throw new InputError('the page is missing in the package; build it with npm run build');
    folder = parent;
  }
}

export interface Serving {
  readonly address: string;
  close(): void;
}

/** Listens on `port` of this machine, 0 for any that is free. Throws {@link InputError} where it is taken. */
export function servePage(port: number): Promise<Serving> {
  const folder = webFolder();
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', `http://${HOST}`);
    const path = normalize(decodeURIComponent(pathname)).replace(/\/$/, '/index.html');
    const file = join(folder, path);
    const type = TYPES[extname(file)];
    const found = request.method === 'GET' && type !== undefined && file.startsWith(folder) && existsSync(file);
    response.writeHead(found ? 200 : 404, {
      'content-type': found ? type : 'text/plain',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    response.end(found ? readFileSync(file) : 'not found');
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be had (${error.code})`;
      reject(new InputError(`"--port" expected a free port, but ${port} ${taken}; choose another, or 0 for any that is free`));
    });
    server.listen(port, HOST, () => {
      const address = server.address();
      const at = typeof address === 'object' && address ? address.port : port;
      const close = () => {
        server.closeAllConnections();
        server.close();
      };
      resolve({ address: `http://${HOST}:${at}/`, close });
    });
  });
}
