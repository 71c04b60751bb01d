/** A fitted generator as a file, and back: what `train` writes and `sample` reads. */
import type { Backend } from './backend/backend.js';
import { drawHeld } from './generate/constrained.js';
import type { Run } from './generate/generator.js';
import { OPENERS } from './generate/openers.js';
import type { Stream } from './random.js';
import type { ReadModel } from './store/model.js';
import { type Drawing, type DrawOptions, drawer, drawFreely, type OpenedModel, openModelBy } from './stored-model.js';
import { parseConstraints } from './table/constraint-form.js';
import { type Constraint, settledConstraints } from './table/constraints.js';
import { type OutlineColumn, outlinedFeatures, outlinedTable } from './table/outline.js';
import type { Table } from './table/table.js';

export { type Drawing, type DrawOptions, type OpenedModel, openOutline, openTarget, type SaveOptions, saveModel } from './stored-model.js';

/** Methods whose models are kept in files: all that draw rows. */
export const KEPT: readonly string[] = Object.keys(OPENERS);

/**
 * Opens a model file, from which the very rows are drawn that the saved model draws; `file` is its name in messages.
 *
 * @throws {InputError} for what is no such file, is not whole, of a newer format, or a classifier's.
 */
export function openModel(bytes: Uint8Array, backend: Backend, file?: string): Promise<OpenedModel> {
  return openModelBy({ openers: OPENERS, constraintsOf, draw: drawOutlined }, bytes, backend, file);
}

/** The constraints of a file, which its columns must bear out. */
function constraintsOf({ constraints, target: { value } }: ReadModel, outline: readonly OutlineColumn[]): Constraint[] {
  const { rows, columns } = outlinedFeatures(outline);
  const parsed = parseConstraints(constraints.value, constraints.path);
  const { column, positive, negative } = value as { column: string; positive: string; negative: string | null };
  const levels = [positive, ...(negative === null ? [] : [negative])];
  const target = { name: column, kind: 'categorical' as const, levels, codes: new Int32Array(0) };
  return settledConstraints(
    parsed,
    { rows, columns: [...columns, target] },
    outline.map(({ name }) => name),
  );
}

/** Draws rows, holds them to the constraints, and puts them into the outline of the table that was learnt from. */
export async function drawOutlined(drawing: Drawing, count: number, stream: Stream, run: Run, options: DrawOptions = {}): Promise<Table> {
  const { target, outline, constraints = [] } = drawing;
  if (constraints.length === 0) return drawFreely(drawing, count, stream, run, options);
  const label = options.label ?? target.positive;
  const held = await drawHeld(drawer(drawing, run, options), count, stream, { constraints, target: target.column, label });
  options.onHeld?.(held);
  return outlinedTable(outline, held.table, label);
}
