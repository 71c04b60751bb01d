import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const tests = suite('tests');
tests('waits for nothing', () => new Promise<void>(() => {}));
tests('is never reached', () => assert.is(1, 2));
tests.run();
