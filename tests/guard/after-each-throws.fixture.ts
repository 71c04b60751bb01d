import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const tests = suite('tests');
tests.after.each(() => {
  throw new Error('cannot clear up');
});
tests('holds', () => assert.is(1, 1));
tests('is never reached', () => assert.is(1, 2));
tests.run();
