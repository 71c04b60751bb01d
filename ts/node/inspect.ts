/** `inspect`: what is in a table, and the schema to read it by. */
import { InputError } from '../errors.js';
import { type Inspection, inspectCells } from '../table/inspection.js';
import { cellsOf, declaredOf, type FileRequest } from './datasets.js';
import { checkWritable, refuseOverwrite, writeWhole } from './files.js';

/** A table to look at. */
export interface InspectRequest {
  readonly table: FileRequest;
  /** Where the schema goes. */
  readonly schemaOut?: string | undefined;
}

/** Throws {@link InputError} for a file that cannot be read, and for a target of which nothing can be learnt. */
export async function inspectFile({ table, schemaOut }: InspectRequest): Promise<Inspection> {
  const { file } = table;
  if (schemaOut !== undefined) {
    refuseOverwrite(schemaOut, [file], '--schema-out');
    checkWritable(schemaOut);
  }
  const { schema } = declaredOf(table);
  const inspection = inspectCells(await cellsOf(file, schema), schema, { drop: true });
  if (inspection.targetFault !== null) throw new InputError(inspection.targetFault);
  if (schemaOut !== undefined) writeWhole(schemaOut, `${JSON.stringify(inspection.schema, null, 2)}\n`);
  return inspection;
}
