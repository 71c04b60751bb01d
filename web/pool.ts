/** Groups of a study's cells over web workers, each group on a worker of its own. */
import type { CellOutcome, CellSetting } from '../ts/experiment.js';
import { type RunningJob, startJob } from './job.js';
import type { CellKey, Roles, Source } from './messages.js';

export interface PooledTable {
  readonly source: Source;
  readonly roles: Roles;
}

export interface PoolRun {
  /** Resolves when all groups are done; rejects at the first that fails, or with an AbortError. */
  readonly ended: Promise<void>;
  cancel(): void;
}

/** `groups`: cells that share what they fit, of one table each. At most `workers` of them run at once. */
export function runPool(
  groups: readonly (readonly CellKey[])[],
  tables: ReadonlyMap<string, PooledTable>,
  setting: CellSetting,
  workers: number,
  onOutcome: (cell: CellKey, outcome: CellOutcome) => void,
): PoolRun {
  const queue = [...groups];
  const running = new Set<RunningJob>();
  let stopped = false;
  const cancel = () => {
    stopped = true;
    for (const job of running) job.cancel();
  };
  const lane = async (): Promise<void> => {
    for (let cells = queue.shift(); cells && !stopped; cells = queue.shift()) {
      const { source, roles } = tables.get((cells[0] as CellKey).dataset) as PooledTable;
      const job = startJob({ kind: 'cells', source, roles, setting, cells }, (answer) => {
        if (answer.kind === 'outcome') onOutcome(answer.cell, answer.outcome);
      });
      running.add(job);
      try {
        await job.ended;
      } catch (error) {
        cancel(); // the first fault ends the others
        throw error;
      } finally {
        running.delete(job);
      }
    }
    if (stopped) throw new DOMException('cancelled', 'AbortError');
  };
  return { ended: Promise.all(Array.from({ length: workers }, lane)).then(() => {}), cancel };
}
