/** What a promise is rejected with; fails when it is fulfilled. */
import * as assert from 'uvu/assert';

export async function rejection(work: Promise<unknown>, what = 'the call'): Promise<Error> {
  try {
    await work;
  } catch (error) {
    assert.instance(error, Error);
    return error as Error;
  }
  return assert.unreachable(`${what} was expected to fail`) as never;
}
