/** Early stop by rows that are held out. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { holdOut } from '../../ts/generate/held-out.js';
import { tabddpm } from '../../ts/generate/tabddpm.js';
import { tabddpmJoint } from '../../ts/generate/tabddpm-joint.js';
import { Stream } from '../../ts/random.js';
import { tableBytes } from '../contract/fingerprint.js';
import { mixed, numeric } from '../contract/fixtures.js';

const heldOut = suite('rows held out');
const run = { backend: await wasmBackend() };

heldOut('a fifth of each class, in whole groups; all rows once', () => {
  for (const seed of [1, 2, 3, 4]) {
    const group = Int32Array.from({ length: 200 }, (_, i) => i >> 2);
    const labels = Uint8Array.from({ length: 200 }, (_, i) => Number(i < 60));
    const parts = holdOut(200, labels, group, Stream.fromSeed(seed));
    assert.ok(parts);
    const { learnt, held } = parts;
    assert.equal(
      [...learnt, ...held].sort((a, b) => a - b),
      Array.from({ length: 200 }, (_, i) => i),
    );
    const positives = held.filter((row) => labels[row] === 1).length;
    assert.ok(positives >= 12 && positives < 16, `${positives}`);
    assert.ok(held.length > positives);
    const groups = new Set(Array.from(held, (row) => group[row]));
    assert.ok(learnt.every((row) => !groups.has(group[row] as number)));
  }
});

heldOut('nothing where there are too few rows to tell, or no way to part them', () => {
  const stream = () => Stream.fromSeed(1);
  assert.is(holdOut(19, null, null, stream()), null);
  assert.is(holdOut(20, null, null, stream())?.held.length, 4);
  assert.is(
    holdOut(
      200,
      Uint8Array.from({ length: 200 }, (_, i) => Number(i < 19)),
      null,
      stream(),
    ),
    null,
  ); // the rarer class counts
  assert.is(holdOut(50, null, new Int32Array(50), stream()), null); // one patient
});

heldOut('keeps the weights that do best on them, and says which; training by heart ends early', async () => {
  const options = { layers: [64, 64], hidden: 32, timesteps: 20, steps: 300, learningRate: 0.01, stop: 'held-out' } as const;
  const train = numeric({ rows: 60, positives: 30 });
  const { history } = await tabddpm.fit(train, Stream.fromSeed(1), run, options);
  const { kept } = history;
  assert.ok(kept && kept.step > 0 && kept.step % 25 === 0 && kept.loss > 0, JSON.stringify(kept));
  assert.ok(kept.step < (history.steps.at(-1) as number), `${kept.step} of ${history.steps.at(-1)}`);
  assert.ok((history.steps.at(-1) as number) < 1200, 'long before four times the steps');
  const again = await tabddpm.fit(train, Stream.fromSeed(1), run, options);
  assert.equal(again.history.kept, kept);
  const conditional = await tabddpmJoint.fit(numeric({ rows: 80, positives: 30 }), Stream.fromSeed(1), run, options);
  assert.ok(conditional.history.kept);
});

heldOut('a tiny class trains by its number of rows, as without', async () => {
  const train = mixed({ rows: 60, positives: 12 });
  const options = { layers: [16], hidden: 8, timesteps: 10, steps: 60 };
  const draw = async (stop: 'rows' | 'held-out') => {
    const sampler = await tabddpm.fit(train, Stream.fromSeed(1), run, { ...options, stop });
    assert.is(sampler.history.kept, undefined);
    return tableBytes(await sampler.sample(20, Stream.fromSeed(2), run));
  };
  assert.is(await draw('held-out'), await draw('rows'));
});

heldOut.run();
