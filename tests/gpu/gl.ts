/** Where the package `gl` lies that scripts/headless-gl.mjs has built, or that SYNTHWARD_GL names. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const built = fileURLToPath(new URL('../../build/gl/node_modules/gl', import.meta.url));

/** The folder of the package, its library included; null where there is none. */
export function glFolder(): string | null {
  const folder = process.env.SYNTHWARD_GL || built;
  return existsSync(join(folder, 'build/Release/webgl.node')) ? folder : null;
}
