/** The package as npm packs it, in a project of its own with what it declares and nothing else: used from JavaScript and TypeScript, and checked by publint and are-the-types-wrong. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { VERSION } from '../../ts/version.js';

const test = suite('package');
const root = fileURLToPath(new URL('../../', import.meta.url));
if (!existsSync(join(root, 'dist', 'core.js'))) throw new Error('these tests pack dist/: run `npm run build` first');
const modules = join(root, 'node_modules');
const project = mkdtempSync(join(tmpdir(), 'synthward-'));
const installed = join(project, 'node_modules', 'synthward');
const tarball = join(project, `synthward-${VERSION}.tgz`);

/** Packs, and installs as npm would, without a network: declared dependencies are linked, no others are there. */
function install(): void {
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', project], { cwd: root, stdio: 'pipe' });
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies)) {
    const link = join(project, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(modules, name), link);
  }
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }\n');
}

const LIBRARY = `
import { readFileSync } from 'node:fs';
import { InputError, Stream, Table, TabDDPM, RandomForest, VERSION } from 'synthward';
import * as core from 'synthward/core';
import { runStudy } from 'synthward/node';
import { runCell } from 'synthward/experiment';

const rows = Array.from({ length: 40 }, (_, i) => ({ age: 40 + ((i * 7) % 30), sex: i % 3 ? 'f' : 'm', died: i % 4 ? 'no' : 'yes' }));
const table = Table.fromRows(rows);
const model = await TabDDPM.fit(table, { target: 'died', seed: 1, steps: 20, layers: [16], hidden: 8 });
const drawn = await model.sample(5, { seed: 2 });
const again = await TabDDPM.open(model.save());
const same = (await again.sample(5, { seed: 2 })).toCsv() === drawn.toCsv();
const forest = await RandomForest.fit(table, { target: 'died', seed: 1 });
const probabilities = await forest.predictProbability(table);
const backend = await core.smallBackend();
const wasm = new URL(import.meta.resolve('synthward/core.wasm'));
console.log(JSON.stringify({
  rows: drawn.toCsv().split('\\n').length - 2, same, probabilities: probabilities.length, VERSION,
  errors: new InputError('x') instanceof Error, stream: Stream.fromSeed(1).below(1), variant: backend.variant,
  functions: [typeof runStudy, typeof runCell], wasm: WebAssembly.validate(readFileSync(wasm)),
}));
`;

test('from JavaScript: library, core, experiment, node, core.wasm', () => {
  install();
  writeFileSync(join(project, 'use.js'), LIBRARY);
  const printed = JSON.parse(execFileSync(process.execPath, ['use.js'], { cwd: project, encoding: 'utf8' }));
  assert.equal(printed, {
    ...{ rows: 5, same: true, probabilities: 40, VERSION, errors: true, stream: 0, variant: 'simd' },
    ...{ functions: ['function', 'function'], wasm: true },
  });
});

test('its command', () => {
  const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { bin: { synthward: string } };
  const run = (...args: string[]) =>
    execFileSync(process.execPath, [join(installed, bin.synthward), ...args], { cwd: project, encoding: 'utf8' });
  assert.is(run('--version').trim(), VERSION);
  const table = join(installed, 'data', 'breast_cancer.csv');
  run('augment', table, '--target', 'diagnosis', '--method', 'smote', '--out', 'balanced.csv');
  assert.ok(existsSync(join(project, 'balanced.csv')));
});

for (const resolution of ['NodeNext', 'Bundler'] as const) {
  test(`from strict TypeScript, resolved as ${resolution}`, () => {
    const module = resolution === 'Bundler' ? 'ESNext' : 'NodeNext';
    const lib = ['ES2022', 'DOM', 'DOM.Iterable', 'ESNext.Disposable'];
    const compilerOptions = { target: 'ES2022', module, moduleResolution: resolution, lib, strict: true, noEmit: true, types: ['node'] };
    const own = { typeRoots: [join(modules, '@types')], skipLibCheck: resolution === 'Bundler', exactOptionalPropertyTypes: true };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...compilerOptions, ...own }, files: ['use.ts'] }));
    writeFileSync(join(project, 'use.ts'), `${LIBRARY}// @ts-expect-error: a model is bytes\nawait TabDDPM.open('text');\n`);
    const tsc = join(modules, 'typescript', 'bin', 'tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' });
    assert.is(status, 0, stdout);
  });
}

test('publint finds nothing', async () => {
  const { messages, pkg } = await publint({ pkgDir: installed, pack: false, strict: true });
  assert.equal(
    messages.map((message) => formatMessage(message, pkg, { color: false })),
    [],
  );
});

test('are-the-types-wrong finds nothing', () => {
  const attw = join(modules, '@arethetypeswrong', 'cli', 'dist', 'index.js');
  const args = [attw, tarball, '--profile', 'esm-only', '--exclude-entrypoints', 'core.wasm', '--no-emoji', '--no-color'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.is(status, 0, stdout + stderr);
});

test.after(() => rmSync(project, { recursive: true, force: true }));
test.run();
