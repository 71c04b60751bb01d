import * as assert from 'uvu/assert';
import { InputError } from '../../ts/errors.js';

/** Fails unless `work` throws an InputError, in one line, whose text holds all `words`. */
export function inputError(work: () => unknown, ...words: string[]): void {
  try {
    work();
  } catch (error) {
    assert.instance(error, InputError, (error as Error).stack);
    const { message } = error as InputError;
    for (const word of words) assert.ok(message.includes(word), `expected "${word}" in: ${message}`);
    assert.not.match(message, /[\r\n]/);
    assert.ok(message.length < 700, `too long: ${message}`);
    return;
  }
  assert.unreachable(`expected an InputError with ${words.join(', ')}`);
}
