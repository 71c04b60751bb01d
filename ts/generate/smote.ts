/**
 * SMOTE (Chawla, Bowyer, Hall & Kegelmeyer 2002, JAIR 16): new minority rows on the segments between neighbouring ones;
 * SMOTE-NC where the table has level columns. See neighbours.ts for what is near, interpolation.ts for what is drawn.
 */
import { turnsFor } from '../backend/turns.js';
import { fitFeatures } from '../encode/features.js';
import type { Grid } from '../encode/grid.js';
import { throwIfAborted } from '../errors.js';
import { field, optionsLike } from '../store/fields.js';
import { stored } from '../store/stored.js';
import { type Table, takeRows } from '../table/table.js';
import type { Generator, ModelCodec } from './generator.js';
import { drawPlaces, fitGrids, interpolateTable, type Neighbourhood } from './interpolation.js';
import { minorityRows, UNTRAINED } from './minority.js';
import { checkCounts } from './mixed-rows.js';
import { neighbourhood, weightLevels } from './neighbours.js';
import { kept } from './opener.js';
import { HOLDS_ROWS, openGrids, openNeighbours, openRows, storeNeighbours, storeRows } from './stored-rows.js';

/** Of SMOTE. */
export interface SmoteOptions {
  /** Neighbours a row; shrinks to minority − 1. @defaultValue 5 */
  readonly k: number;
}

export const smote: Generator<SmoteOptions> = {
  name: 'smote',
  minMinority: 2,
  defaults: { k: 5 },
  async fit(train, _stream, run, changed) {
    const options = { ...smote.defaults, ...changed };
    checkCounts({ ...options }, ['k']);
    const turn = turnsFor(run.signal);
    const minority = takeRows(train.features, minorityRows(train, smote));
    const grids = fitGrids(train.features);
    const points = weightLevels(fitFeatures(train.features).standardised(minority));
    await turn();
    const near = neighbourhood(points, minority.rows, options.k, run.backend);
    return smoteCodec.samplerOf({ options, minority, near, grids });
  },
};

interface SmoteModel {
  readonly options: SmoteOptions;
  readonly minority: Table;
  readonly near: Neighbourhood;
  readonly grids: readonly (Grid | null)[];
}

export const smoteCodec: ModelCodec<SmoteModel> = {
  method: smote.name,
  holds: HOLDS_ROWS,
  save: ({ options, minority, near, grids }) =>
    stored(smoteCodec, options, { rows: storeRows(minority), near: storeNeighbours('near', near) }, { grids }),
  open: ({ options, state, arrays }, { features }) => {
    const minority = openRows(field(state, 'rows'), arrays, features);
    const near = openNeighbours('near', field(state, 'near'), arrays, minority.rows, minority.rows);
    return { options: optionsLike(options, smote.defaults), minority, near, grids: openGrids(field(state, 'grids'), features) };
  },
  samplerOf: (model) => ({
    history: UNTRAINED,
    ...kept(smoteCodec, model),
    async sample(rows, stream, run) {
      throwIfAborted(run.signal);
      return interpolateTable(
        model.minority,
        model.near,
        drawPlaces(rows, model.near, stream, run.backend),
        model.grids,
        stream,
        run.backend,
      );
    },
  }),
};
