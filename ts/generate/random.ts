/** Random oversampling: copies of minority rows, drawn with replacement. The baseline that any synthetic row must beat. */
import { throwIfAborted } from '../errors.js';
import { field } from '../store/fields.js';
import { stored } from '../store/stored.js';
import { type Table, takeRows } from '../table/table.js';
import type { Generator, ModelCodec } from './generator.js';
import { minorityRows, UNTRAINED } from './minority.js';
import { kept } from './opener.js';
import { HOLDS_ROWS, openRows, storeRows } from './stored-rows.js';

export const random: Generator = {
  name: 'random',
  minMinority: 1,
  defaults: {},
  async fit(train, _stream, run) {
    throwIfAborted(run.signal);
    return randomCodec.samplerOf(takeRows(train.features, minorityRows(train, random)));
  },
};

/** The model is the rows. */
export const randomCodec: ModelCodec<Table> = {
  method: random.name,
  holds: HOLDS_ROWS,
  save: (minority) => stored(randomCodec, {}, { rows: storeRows(minority) }),
  open: (read, { features }) => openRows(field(read.state, 'rows'), read.arrays, features),
  samplerOf: (minority) => ({
    history: UNTRAINED,
    ...kept(randomCodec, minority),
    async sample(rows, stream, run) {
      throwIfAborted(run.signal);
      const draws = stream.child('row');
      return takeRows(
        minority,
        Uint32Array.from({ length: rows }, () => draws.below(minority.rows)),
      );
    },
  }),
};
