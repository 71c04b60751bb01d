/** Random oversampling: copies of minority rows, drawn with replacement. The baseline that any synthetic row must beat. */
import { throwIfAborted } from '../errors.js';
import { takeRows } from '../table/table.js';
import type { Generator } from './generator.js';
import { minorityRows, UNTRAINED } from './minority.js';

export const random: Generator = {
  name: 'random',
  minMinority: 1,
  defaults: {},
  async fit(train, _stream, run) {
    throwIfAborted(run.signal);
    const minority = takeRows(train.features, minorityRows(train, random));
    return {
      history: UNTRAINED,
      async sample(rows, stream, run) {
        throwIfAborted(run.signal);
        const draws = stream.child('row');
        return takeRows(
          minority,
          Uint32Array.from({ length: rows }, () => draws.below(minority.rows)),
        );
      },
    };
  },
};
