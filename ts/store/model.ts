/**
 * A model file: a safetensors file whose texts say what the model is, and whose arrays are its weights (or trees, or rows).
 * docs/formats.md lists both.
 */
import { InputError } from '../errors.js';
import { type Place, parsed } from './fields.js';
import { type Dtype, readSafetensors, type Tensor, writeSafetensors } from './safetensors.js';

const FORMAT = 'synthward-model-';
const FORMAT_VERSION = 1;

/** What a fitted method keeps in a file: plain data, and arrays. */
export interface Stored {
  readonly method: string;
  /** What the file holds of the real patients, as a sentence. */
  readonly holds: string;
  readonly options: object;
  readonly state: object;
  readonly arrays: Readonly<Record<string, Tensor>>;
}

/** What the file says about where the model comes from; plain data. */
export interface Origin {
  readonly version: string; // of the package
  readonly seed: number | null;
  readonly target: object;
  readonly columns: readonly object[];
  readonly training: object;
  /** Constraints that drawn rows are held to. */
  readonly constraints?: readonly object[];
}

/** A model file that was read and is whole; what it says is not checked yet. */
export interface ReadModel {
  readonly file: string;
  readonly method: string;
  readonly version: string;
  readonly holds: string;
  readonly seed: Place;
  readonly target: Place;
  readonly columns: Place;
  readonly training: Place;
  /** A list; empty where the file has none. */
  readonly constraints: Place;
  readonly options: Place;
  readonly state: Place;
  readonly arrays: Arrays;
}

/** Named arrays of known kind and length. */
export interface Arrays {
  /** Throws {@link InputError} where there is no such array, or one of another kind or length. */
  of<D extends Dtype>(name: string, dtypes: readonly D[], length?: number): Tensor<D>['values'];
}

export function writeModel({ method, holds, options, state, arrays }: Stored, origin: Origin): Uint8Array {
  return writeSafetensors(
    {
      format: `${FORMAT}${FORMAT_VERSION}`,
      synthward: origin.version,
      method,
      holds,
      seed: JSON.stringify(origin.seed),
      target: JSON.stringify(origin.target),
      columns: JSON.stringify(origin.columns),
      training: JSON.stringify(origin.training),
      ...(origin.constraints?.length && { constraints: JSON.stringify(origin.constraints) }),
      options: JSON.stringify(options),
      state: JSON.stringify(state),
    },
    arrays,
  );
}

/** `file` is its name in messages. Throws {@link InputError} for a file that is damaged, of another program or of another format. */
export function readModel(bytes: Uint8Array, file = 'the model file'): ReadModel {
  const { metadata, tensors } = readSafetensors(bytes, file);
  const version = metadata.get('synthward') ?? 'unknown';
  checkFormat(metadata.get('format') ?? '', version, file);
  if (!metadata.has('crc32')) throw new InputError(`${file} has lost its checksum: another program has changed it; take the original`);
  const text = (name: string): string => {
    const found = metadata.get(name);
    if (found === undefined) throw new InputError(`${file} says nothing of its "${name}": it is no model of synthward`);
    return found;
  };
  const json = (name: string): Place => parsed(text(name), `${file}: ${name}`);
  return {
    file,
    method: text('method'),
    version,
    holds: text('holds'),
    seed: json('seed'),
    target: json('target'),
    columns: json('columns'),
    training: json('training'),
    constraints: metadata.has('constraints') ? json('constraints') : { value: [], path: `${file}: constraints` },
    options: json('options'),
    state: json('state'),
    arrays: arraysOf(tensors, file),
  };
}

function checkFormat(format: string, version: string, file: string): void {
  const number = format.startsWith(FORMAT) ? format.slice(FORMAT.length) : '';
  if (!/^[0-9]{1,9}$/.test(number))
    throw new InputError(`${file} is a safetensors file, but no model of synthward; name one that synthward wrote`);
  if (Number(number) === FORMAT_VERSION) return;
  const what = `${file} has the format ${format} of synthward ${version.slice(0, 20)}, this version reads ${FORMAT}${FORMAT_VERSION}`;
  throw new InputError(
    `${what}; ${Number(number) > FORMAT_VERSION ? 'update synthward' : 'train the model again, or open it with that version'}`,
  );
}

/** A method that is not among those that are `known` here, in a file whose format is. */
export const unknownMethod = ({ file, method, version }: ReadModel, known: readonly string[]): InputError =>
  new InputError(
    `${file} holds a model of the method "${method.slice(0, 40)}" of synthward ${version.slice(0, 20)}, which this version cannot open (it knows ${known.join(', ')}); update synthward`,
  );

function arraysOf(tensors: ReadonlyMap<string, Tensor>, file: string): Arrays {
  return {
    of<D extends Dtype>(name: string, dtypes: readonly D[], length?: number) {
      const found = tensors.get(name);
      if (!found || !dtypes.includes(found.dtype as D))
        throw new InputError(`${file} has no array "${name}" of kind ${dtypes.join(' or ')}`);
      if (length !== undefined && found.values.length !== length)
        throw new InputError(`${file}: the array "${name}" expected ${length} numbers, got ${found.values.length}`);
      return found.values as Tensor<D>['values'];
    },
  };
}
