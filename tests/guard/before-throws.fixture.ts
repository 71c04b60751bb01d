import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const tests = suite('tests');
tests.before(() => {
  throw new Error('no ground to stand on');
});
tests('holds', () => assert.is(1, 1));
tests.run();
