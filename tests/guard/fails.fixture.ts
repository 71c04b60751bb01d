import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const fails = suite('fails');
fails('holds', () => assert.is(1, 1));
fails('does not', () => assert.is(1, 2));
fails.run();
