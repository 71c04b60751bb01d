/** What is timed does what it says: small works against naive sums. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Backend } from '../../ts/backend/backend.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { COHORT_COLUMNS, cohort } from '../../ts/bench/cohort.js';
import { normals, numbers } from '../../ts/bench/inputs.js';
import { LEVELS, samplingJob, samplingStep, tabddpmSteps } from '../../ts/bench/work-diffusion.js';
import { FORMS, type Form, product, trainingStep } from '../../ts/bench/work-network.js';
import { smoteRows, unbiasedMmd } from '../../ts/bench/work-rows.js';
import { fitting, labelled, predicting } from '../../ts/bench/work-trees.js';
import { boosting } from '../../ts/classify/boosting.js';
import { forest } from '../../ts/classify/forest.js';
import { close } from '../close.js';

const test = suite('works of a bench');
let backend: Backend;
test.before(async () => {
  backend = await wasmBackend();
});

const EPS = 2 ** -23;

for (const form of Object.keys(FORMS) as Form[]) {
  test(`product ${form}: the mean of all elements, and 2MNK operations`, async () => {
    const [M, N, K] = [17, 15, 5];
    const [transposeA, transposeB] = FORMS[form];
    const [a, b] = [numbers('a', M * K), numbers('b', K * N)];
    const columnSum = (k: number) => Array.from({ length: M }, (_, i) => a[transposeA ? k * M + i : i * K + k]!).reduce((x, y) => x + y, 0);
    const rowSum = (k: number) => Array.from({ length: N }, (_, j) => b[transposeB ? j * K + k : k * N + j]!).reduce((x, y) => x + y, 0);
    const want = Array.from({ length: K }, (_, k) => columnSum(k) * rowSum(k)).reduce((x, y) => x + y, 0) / (M * N);
    const work = product(backend, [M, N, K], form);
    work.run();
    close(await work.check(), want, { abs: (K + M * N) * EPS * K });
    assert.is(work.amount, 2 * M * N * K);
  });
}

test('a training step learns: the loss on one batch falls', async () => {
  const work = await trainingStep(backend, 32);
  work.run();
  const first = await work.check();
  for (let i = 0; i < 100; i++) work.run();
  const last = await work.check();
  assert.ok(first > 0 && last < 0.7 * first, `${first} → ${last}`);
});

for (const levels of [[], LEVELS]) {
  test(`steps of TabDDPM with ${levels.length} category columns have a finite loss`, async () => {
    const work = tabddpmSteps(backend, levels, 3, { numeric: 5, batch: 16, timesteps: 50 });
    await work.run();
    assert.ok((await work.check()) > 0);
    assert.is(work.amount, 3);
  });
}

test('sampling gives finite rows of about unit size, as many as it says', async () => {
  const step = await samplingStep(backend, 1500);
  assert.is(step.amount, 2048, 'whole chunks');
  step.run();
  close(await step.check(), 1, { abs: 0.5 }, 'mean square of one step from noise');
  const job = await samplingJob(backend, 33, 5);
  await job.run();
  const size = await job.check();
  assert.ok(size > 0 && size < 25, String(size));
});

test('MMD² is that of the naive sums', async () => {
  const [n, D, gamma] = [17, 3, 0.4];
  const [x, y] = [await normals(backend, 'x', n * D), await normals(backend, 'y', n * D)];
  const kernel = (a: Float32Array, i: number, b: Float32Array, j: number) => {
    let squared = 0;
    for (let d = 0; d < D; d++) squared += (a[i * D + d]! - b[j * D + d]!) ** 2;
    return Math.exp(-gamma * squared);
  };
  let want = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i !== j) want += (kernel(x, i, x, j) + kernel(y, i, y, j)) / (n * (n - 1));
      want -= (2 * kernel(x, i, y, j)) / (n * n);
    }
  }
  const work = unbiasedMmd(backend, backend.matrix(n, D, x), backend.matrix(n, D, y), gamma);
  work.run();
  close(await work.check(), want, { abs: 1e-5 });
});

test("SMOTE's rows keep about the mean of the minority", async () => {
  const [n, D, rows] = [40, 4, 4000];
  const points = (await normals(backend, 'minority', n * D)).map((z) => z + 3);
  const work = smoteRows(backend, points, D, rows);
  work.run();
  const mean = points.reduce((a, b) => a + b, 0) / points.length;
  close(await work.check(), mean, { abs: 0.3 });
});

test('classifiers rank rows of the cohort that they have not seen', async () => {
  const [train, unseen] = [labelled(cohort(1500)), labelled(cohort(500, 7))];
  assert.is(train.x.values.length, 1500 * COHORT_COLUMNS);
  for (const classifier of [boosting, forest]) {
    const work = fitting(backend, classifier, train, unseen);
    const auroc = await work.check();
    assert.ok(auroc > 0.7 && auroc < 1, `${classifier.name}: ${auroc}`);
    const again = await predicting(backend, classifier, train, unseen);
    await again.run();
    assert.is(await again.check(), auroc);
  }
});

test.run();
