/** The worker's part that opens model files, loaded when it is wanted: rows drawn, or a table predicted. */
import {
  Boosting,
  type ClassifierModel,
  fileMethod,
  InputError,
  methodStreams,
  type OpenedModel,
  openModel,
  RandomForest,
  Table,
  wasmBackend,
} from '../ts/index.js';
import { chunksOf, wholeOf } from './file-bytes.js';
import type { Answer, DrawPlan, ModelFacts, ModelFile, Source } from './messages.js';
import { declaredBy } from './table-facts.js';

const CLASSIFIERS = [RandomForest, Boosting];

type Opened = { readonly draws: OpenedModel } | { readonly predicts: ClassifierModel };

async function open({ file, content }: ModelFile): Promise<Opened> {
  const bytes = await wholeOf(file, content);
  const method = fileMethod(bytes, file);
  const classifier = CLASSIFIERS.find((one) => one.method === method);
  return classifier
    ? { predicts: await classifier.open(bytes, { name: file }) }
    : { draws: await openModel(bytes, await wasmBackend(), file) };
}

export async function modelFacts(model: ModelFile): Promise<ModelFacts> {
  const opened = await open(model);
  if ('predicts' in opened) {
    const { method, target, warnings, ...rest } = opened.predicts;
    return { does: 'predict', method, target, warnings, holds: rest.holds(), columns: Object.keys(rest.schema().columns ?? {}) };
  }
  const { method, target, warnings, holds, outline, version, sampler, timesteps } = opened.draws;
  const labels = [target.positive, ...(sampler.sampleMajority && target.negative !== null ? [target.negative] : [])];
  const columns = outline.map(({ name }) => name);
  return { does: 'draw', method, target, warnings, holds, columns, version, labels, timesteps };
}

/** The rows that `synthward sample` draws of the same model and seed. */
export async function drawRows(model: ModelFile, plan: DrawPlan, tell: (answer: Answer) => void): Promise<void> {
  const opened = await open(model);
  if ('predicts' in opened) throw new InputError(`${model.file} holds a classifier, which draws no rows`);
  const { draws } = opened;
  const { count, label, steps, sampler, seed } = plan;
  const stream = methodStreams(seed, draws.method).sample;
  const sampling = draws.timesteps === null ? undefined : { samplingSteps: steps, ...(sampler && { sampler }) };
  const run = {
    backend: await wasmBackend(),
    onProgress: ({ done, total }: { done: number; total: number }) =>
      tell({ kind: 'step', step: { doing: 'Drawing patients', share: done / Math.max(1, total) } }),
  };
  tellTable(new Table(await draws.draw(count, stream, run, { label, sampling })), [], tell);
}

/** The probability of the positive class for each row of a table. */
export async function predictRows(model: ModelFile, source: Source, tell: (answer: Answer) => void): Promise<void> {
  const opened = await open(model);
  if (!('predicts' in opened)) throw new InputError(`${model.file} draws rows and predicts nothing`);
  const schema = opened.predicts.schema(declaredBy(source.reading));
  const table = await Table.fromCsvChunks(chunksOf(source), { name: source.file, schema });
  const probability = Float64Array.from(await opened.predicts.predictProbability(table));
  const rows = Float64Array.from(probability.keys());
  const columns = [
    { name: 'row', kind: 'integer' as const, values: rows, decimals: 0 },
    { name: 'probability', kind: 'numeric' as const, values: probability, decimals: -1 },
  ];
  const others = table.columns.filter((name) => !Object.hasOwn(schema.columns ?? {}, name));
  const warnings = table.warnings.filter((warning) => !others.some((name) => warning.includes(`column "${name}"`)));
  tellTable(new Table({ rows: rows.length, columns }), warnings, tell);
}

/** Rows that the page shows before the whole table is saved. */
const PREVIEWED = 8;

function tellTable(table: Table, warnings: readonly string[], tell: (answer: Answer) => void): void {
  const { columns } = table;
  const cells = columns.map((name) => [...(table.column(name).slice(0, PREVIEWED) as Iterable<string | number>)]);
  const numbers = columns.flatMap((name, at) => (table.column(name) instanceof Float64Array ? [at] : []));
  const preview = Array.from({ length: Math.min(PREVIEWED, table.rows) }, (_, row) => cells.map((column) => cellText(column[row] ?? '')));
  tell({ kind: 'table', made: { csv: table.toCsv(), rows: table.rows, columns, numbers, preview, warnings } });
}

const cellText = (cell: string | number): string =>
  typeof cell === 'string' ? cell : Number.isNaN(cell) ? '' : String(Number(cell.toPrecision(6)));
