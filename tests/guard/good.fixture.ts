/** A test of a suite; this sentence names both before anything is imported. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const good = suite('good');
good('holds', () => assert.is(1, 1));
good.run();
