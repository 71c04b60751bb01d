import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const good = suite('good');
good('holds', () => assert.is(1, 1));
good.run();
