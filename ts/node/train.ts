/** `train`: learns a table's rare class, and leaves the model in a file. */
import { InputError } from '../errors.js';
import type { Progress } from '../generate/generator.js';
import { outlineOf } from '../table/outline.js';
import { checkEnough, fitWarnings, generatorOf } from './augment.js';
import { type ComputeRequest, settleCompute } from './compute.js';
import { type FileRequest, loadTable, warningsOf } from './datasets.js';
import { checkWritable, refuseOverwrite, writeWhole } from './files.js';
import { runTask } from './pool.js';
import type { FitTask, Fitted } from './worker.js';

export interface TrainRequest extends ComputeRequest {
  readonly table: FileRequest;
  readonly method: string;
  /** T of a diffusion model; its default where left out. */
  readonly timesteps?: number | undefined;
  /** What weights of a diffusion model are rounded to. */
  readonly precision?: 'F16' | 'F32' | undefined;
  readonly seed: number;
  readonly modelOut: string;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface TrainOutcome {
  readonly rows: number;
  readonly positives: number;
  readonly target: string;
  readonly positive: string;
  /** Steps of the training; 0 of methods that do not train. */
  readonly steps: number;
  readonly bytes: number;
  readonly warnings: readonly string[];
}

export async function trainFile(request: TrainRequest): Promise<TrainOutcome> {
  const { method, timesteps, precision, seed, modelOut } = request;
  const { file } = request.table;
  refuseOverwrite(modelOut, [file], '--model-out');
  checkWritable(modelOut);
  const options = optionsOf(method, { timesteps, precision });
  const loaded = await loadTable(request.table);
  const { table, dataset, roles } = loaded;
  const positives = dataset.y.reduce((sum, y) => sum + y, 0);
  checkEnough(method, positives, loaded, file);
  const compute = await settleCompute(request, { datasets: [dataset], methods: [method], classifiers: [], fidelity: false });
  const data = { backend: compute.name, variant: compute.variant, datasets: [dataset], setting: null };
  const task: FitTask = { method, seed, options, outline: outlineOf(table, dataset.features, roles) };
  const fitted = await runTask<FitTask, Fitted>('learn', task, data, request.signal, request.onProgress);
  const bytes = fitted.model?.bytes ?? new Uint8Array(0);
  writeWhole(modelOut, bytes);
  return {
    rows: table.rows,
    positives,
    target: roles.target,
    positive: dataset.target.positive,
    steps: fitted.steps,
    bytes: bytes.length,
    warnings: [...warningsOf(loaded), ...fitWarnings(method, fitted, modelOut)],
  };
}

/** Throws {@link InputError} where a method has no such option. */
function optionsOf(method: string, given: Pick<TrainRequest, 'timesteps' | 'precision'>): object {
  const { defaults } = generatorOf(method);
  const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const other = Object.keys(options).find((name) => !Object.hasOwn(defaults, name));
  if (other !== undefined) throw new InputError(`"--${other}" expected a diffusion model, which ${method} is not; leave it out`);
  return options;
}
