import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const forgotten = suite('forgotten');
forgotten('would fail', () => assert.is(1, 2));
