/** The bytes of a file in the worker that reads it. They are read anew for each job, so that a page holds no table. */
import { type AsyncChunks, blobChunks, InputError } from '../ts/index.js';
import type { Source } from './messages.js';

/** All bytes of a table's file, piece by piece and as often as they are wanted. `hash` is given them once. */
export function chunksOf({ file, content }: Pick<Source, 'file' | 'content'>, hash?: { update(bytes: Uint8Array): unknown }): AsyncChunks {
  const chunks = blobChunks(content);
  let wanting = hash;
  return async function* () {
    const first = wanting;
    wanting = undefined;
    try {
      for await (const chunk of chunks()) {
        first?.update(chunk);
        yield chunk;
      }
    } catch (error) {
      throw unreadable(file, error);
    }
  };
}

/** All bytes of a file at once. */
export async function wholeOf(file: string, content: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await content.arrayBuffer());
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Browsers refuse a file that is not any more what was chosen. */
const unreadable = (file: string, error: unknown): unknown =>
  error instanceof DOMException
    ? new InputError(`${file} cannot be read: it was changed, moved or deleted since it was chosen; choose it again`)
    : error;
