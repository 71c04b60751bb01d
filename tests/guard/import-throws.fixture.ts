import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const tests = suite('tests');
tests('holds', () => assert.is(1, 1));
await Promise.reject(new Error('no such thing'));
tests.run();
