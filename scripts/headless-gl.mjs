/**
 * Builds the package `gl` (WebGL for Node) into build/gl, outside node_modules: from source, with the headers of the Node that runs
 * this, without network but for npm. Does nothing when it is there. Takes two to five minutes; needs g++, make, python3 and the
 * development files of X11 and OpenGL (see CONTRIBUTING.md).
 * Usage: node scripts/headless-gl.mjs
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'build', 'gl');
const library = join(folder, 'node_modules/gl/build/Release/webgl.node');
const stamp = join(folder, 'engine');
const building = `${folder}.pid`;
const engine = `modules ${process.versions.modules} ${process.platform} ${process.arch}`;
const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages['node_modules/gl'];
const version = locked?.version ?? '8.1.6';

if (existsSync(library) && existsSync(stamp) && readFileSync(stamp, 'utf8') === `${version} ${engine}`) process.exit(0);

/** The prefix whose include/node holds this Node's headers. */
const headers = [process.env.npm_config_nodedir, dirname(dirname(process.execPath)), '/usr', '/usr/local'].find(
  (prefix) => prefix && existsSync(join(prefix, 'include/node/node.h')),
);
const started = Date.now();
console.log(`building headless-gl ${version} …`);
rmSync(folder, { recursive: true, force: true });
const work = `${folder}-${process.pid}`;
mkdirSync(work, { recursive: true });
writeFileSync(building, String(process.pid)); // tests that need the library wait for it
writeFileSync(join(work, 'package.json'), '{ "private": true }\n');
const quiet = { cwd: work, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 };
try {
  const packages = ['install', `gl@${version}`, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', packages, quiet);
  const gyp = join(work, 'node_modules/node-gyp/bin/node-gyp.js');
  const target = ['--directory', join(work, 'node_modules/gl'), '-j', process.env.BUILD_JOBS ?? '2'];
  execFileSync(process.execPath, [gyp, 'rebuild', ...target, ...(headers ? ['--nodedir', headers] : [])], quiet);
} catch (error) {
  console.error(`headless-gl was not built: ${error.message}\n${String(error.stderr ?? '').slice(-2000)}`);
  rmSync(work, { recursive: true, force: true });
  rmSync(building, { force: true });
  process.exit(1);
}
keepLibrary(join(work, 'node_modules/gl'));
writeFileSync(join(work, 'engine'), `${version} ${engine}`);
renameSync(work, folder);
rmSync(building, { force: true });
console.log(`headless-gl built in ${Math.round((Date.now() - started) / 1000)} s`);

/** Leaves the JavaScript and the library; objects and sources of the build are 40 MB. */
function keepLibrary(gl) {
  for (const part of ['angle', 'deps']) rmSync(join(gl, part), { recursive: true, force: true });
  for (const entry of readdirSync(join(gl, 'build'))) if (entry !== 'Release') rmSync(join(gl, 'build', entry), { recursive: true });
  for (const entry of readdirSync(join(gl, 'build/Release'))) {
    if (entry !== 'webgl.node') rmSync(join(gl, 'build/Release', entry), { recursive: true, force: true });
  }
}
