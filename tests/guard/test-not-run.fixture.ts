import { suite, test } from 'uvu';
import * as assert from 'uvu/assert';

const run = suite('run');
run('holds', () => assert.is(1, 1));
run.run();

test('would fail', () => assert.is(1, 2));
