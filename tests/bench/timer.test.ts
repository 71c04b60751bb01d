import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bestOfEach } from '../../ts/bench/timer.js';

const test = suite('the timer of benches');

/** Stands still for `ms` of the clock. */
const idle = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test('bodies take turns after their warm-up', async () => {
  const calls: string[] = [];
  const body = (name: string) => async () => {
    calls.push(name);
    await idle(120);
  };
  await bestOfEach({ a: body('a'), b: body('b') }, {}, 3);
  assert.equal(calls.slice(-6), ['a', 'b', 'a', 'b', 'a', 'b']);
  assert.ok(calls.length > 6, 'there was a warm-up');
});

test('a promise is waited for, and the time is that of the call', async () => {
  let pending = 0;
  const seconds = await bestOfEach(
    {
      wait: async () => {
        assert.is(pending, 0, 'one call at a time');
        pending++;
        await idle(120);
        pending--;
      },
    },
    {},
    2,
  );
  assert.ok(seconds.wait >= 0.1 && Number.isFinite(seconds.wait), String(seconds.wait));
});

test('CPU time counts where it is less than the clock', async () => {
  let used = 0;
  const body = async () => {
    used += 0.001;
    await idle(150);
  };
  const { busy } = await bestOfEach({ busy: body }, { cpuSeconds: () => used }, 2);
  assert.ok(Math.abs(busy - 0.001) < 1e-9, String(busy));
});

test.run();
