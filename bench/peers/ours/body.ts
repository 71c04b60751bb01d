/** What our side measures of an item, and the files that it reads and writes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '../../../ts/backend/backend.js';
import type { Value } from '../process.js';

export interface Body {
  /** Before each timed run. */
  reset?(): void;
  /** The timed part; it may tell its CPU seconds itself, where it holds more than is to be counted. */
  run(): unknown;
  value(): Value | Promise<Value>;
}

export interface Place {
  readonly item: string;
  readonly folder: string;
  readonly backend: Backend;
}

export type Bodies = Readonly<Record<string, (place: Place) => Body | Promise<Body>>>;

const bytes = (folder: string, name: string): ArrayBuffer => {
  const { buffer, byteOffset, byteLength } = readFileSync(join(folder, name));
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
};

export const floats = (folder: string, name: string): Float32Array => new Float32Array(bytes(folder, name));
export const words = (folder: string, name: string): Uint32Array => new Uint32Array(bytes(folder, name));
export const octets = (folder: string, name: string): Uint8Array => new Uint8Array(bytes(folder, name));

/** Writes what was computed, for the checks. */
export function result({ item, folder, backend }: Place, values: Float32Array): Value {
  const file = join(folder, `${item}.synthward-${backend.variant}.f32`);
  writeFileSync(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return { file };
}

/** CPU seconds of this process since it started. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
