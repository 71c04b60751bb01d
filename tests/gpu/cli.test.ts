/** The command line on a real GPU mode: what it says, what it writes, several workers at once. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { COHORT, type Ended, refuses, succeeds, writeCohort } from '../cli/command.js';
import { temporaryFolder } from '../node/folder.js';
import { has } from '../requirements.js';
import { glFolder, underDisplay } from './gl.js';

const test = suite('--backend');
const folder = temporaryFolder();
writeCohort(join(folder, 'cohort.csv'));
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const AUGMENT = ['augment', 'cohort.csv', '--target', 'died', '--exclude', 'id', '--positive', 'yes', '--method', 'tabddpm', '--count', 20];

function run(env: NodeJS.ProcessEnv, command: readonly string[]): Ended {
  const [program, ...args] = command as [string, ...string[]];
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } });
  return { status, stdout, stderr };
}

const withoutGpu = async (_: string, args: readonly (string | number)[]): Promise<Ended> =>
  run({ DISPLAY: undefined, WAYLAND_DISPLAY: undefined, SYNTHWARD_GL: undefined }, [process.execPath, cli, ...args.map(String)]);

test('gpu without a GPU is refused with what to do', async () => {
  await refuses(
    folder,
    [...AUGMENT, '--backend', 'gpu', '--out', 'out.csv'],
    /no GPU was found.*install the package gl.*xvfb-run/,
    withoutGpu,
  );
  const study = ['study', ...COHORT, '--methods', 'none', '--splits', 1, '--backend', 'gpu', '--out', 'out'];
  await refuses(folder, study, /no GPU was found/, withoutGpu);
  const elsewhere = async (_: string, args: readonly (string | number)[]) =>
    run({ SYNTHWARD_GL: '/nowhere' }, [process.execPath, cli, ...args.map(String)]);
  await refuses(
    folder,
    [...AUGMENT, '--backend', 'gpu', '--out', 'out.csv'],
    /"SYNTHWARD_GL" expected the folder of .* \/nowhere/,
    elsewhere,
  );
});

test('auto without a GPU computes on WASM and says why; the bytes are those of wasm', async () => {
  const auto = succeeds(await withoutGpu(folder, [...AUGMENT, '--backend', 'auto', '--out', 'auto.csv']));
  assert.match(auto.stderr, /^backend: auto chose WASM: no GPU was found/m);
  const wasm = succeeds(await withoutGpu(folder, [...AUGMENT, '--out', 'wasm.csv']));
  assert.not.match(wasm.stderr, /backend:/);
  assert.is(readFileSync(join(folder, 'auto.csv'), 'utf8'), readFileSync(join(folder, 'wasm.csv'), 'utf8'));
});

if (has('command:xvfb-run') && has('gl:headless')) {
  const onGpu = async (...args: (string | number)[]): Promise<Ended> =>
    succeeds(run({ SYNTHWARD_GL: (await glFolder()) ?? '' }, underDisplay([process.execPath, cli, ...args.map(String)]) as string[]));

  test('augment on the GPU says what draws, and what computes where', async () => {
    const { stderr } = await onGpu(...AUGMENT, '--method', 'rose', '--backend', 'gpu', '--out', 'gpu.csv'); // training takes a rasteriser long
    assert.match(stderr, /^backend: GPU \(.+, by gpu\.js headlessgl\): .+; WASM \(simd\): the rest$/m);
    const rows = (name: string) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n').length;
    assert.is(rows('gpu.csv'), rows('wasm.csv'));
  });

  test('auto tells what it measured', async () => {
    const { stderr } = await onGpu(...AUGMENT, '--backend', 'auto', '--out', 'auto.csv');
    assert.match(stderr, /^backend: auto chose (WASM|the GPU): a training step of 40 rows \S+ ms on WASM, \S+ ms on the GPU \(/m);
  });

  test('a saved model is drawn from on the GPU: the rows of WASM, to what float32 rounding moves', async () => {
    const train = ['train', 'cohort.csv', '--target', 'died', '--exclude', 'id', '--method', 'tabddpm', '--model-out', 'model.safetensors'];
    succeeds(await withoutGpu(folder, train));
    const draw = ['sample', 'model.safetensors', '--count', 30, '--out'];
    succeeds(await withoutGpu(folder, [...draw, 'core.csv']));
    assert.match((await onGpu(...draw, 'drawn.csv', '--backend', 'gpu')).stderr, /^backend: GPU \(/m);
    assert.match((await onGpu(...draw, 'auto.csv', '--backend', 'auto')).stderr, /: drawing 30 rows in 2 steps \S+ ms on WASM, /);
    const cells = (name: string) => readFileSync(join(folder, name), 'utf8').trimEnd().split(/[\n,]/);
    const [core, drawn] = [cells('core.csv'), cells('drawn.csv')];
    assert.is(drawn.length, core.length);
    const differing = core.filter((cell, at) => cell !== drawn[at]).length;
    assert.ok(differing <= 0.02 * core.length, `${differing} of ${core.length} cells differ: decimals are rounded to the table's own`);
  });

  test('a study on two workers: every line and the manifest name the GPU; the folder goes on there', async () => {
    const study = ['study', ...COHORT, '--methods', 'none,smote', '--classifiers', 'rf', '--splits', 2, '--workers', 2, '--out', 'study'];
    await onGpu(...study, '--backend', 'gpu');
    const lines = readFileSync(join(folder, 'study/results.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.is(lines.length, 4);
    for (const { error, backend, variant } of lines) assert.equal([error, backend, variant], [undefined, 'gpu', 'simd']);
    const manifest = JSON.parse(readFileSync(join(folder, 'study/manifest.json'), 'utf8')) as Record<string, unknown>;
    assert.is(manifest.backend, 'gpu');
    assert.match(String(manifest.device), /by gpu\.js headlessgl$/);
    assert.ok((manifest.placement as string[]).includes('network.linear'), String(manifest.placement));
    const report = readFileSync(join(folder, 'study/report.html'), 'utf8');
    assert.match(report, /<dt>GPU<\/dt><dd>.*by gpu\.js headlessgl/);
    const again = await onGpu(...study, '--backend', 'auto');
    assert.match(again.stderr, /^backend: GPU \(/m);
    await refuses(folder, study, /holds a study with backend gpu, this one has wasm/, withoutGpu);
  });
}

test.run();
