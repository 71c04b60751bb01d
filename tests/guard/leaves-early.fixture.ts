import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const tests = suite('tests');
tests('leaves', () => process.exit(0));
tests('is never reached', () => assert.is(1, 2));
tests.run();
