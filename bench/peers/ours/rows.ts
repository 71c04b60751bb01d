/** Our matrix products, MMD and SMOTE. */
import type { Matrix } from '../../../ts/backend/backend.js';
import { unbiasedMmd } from '../../../ts/bench/work-rows.js';
import { drawPlaces } from '../../../ts/generate/interpolation.js';
import { neighbourhood } from '../../../ts/generate/neighbours.js';
import { Stream } from '../../../ts/random.js';
import { WORK } from '../work.js';
import { type Bodies, type Body, floats, type Place, result } from './body.js';

function product({ item, folder, backend }: Place): Body {
  const { n, k, ...of } = WORK.gemm;
  const { m, calls } = of[item as keyof typeof of];
  const a = backend.matrix(m, k, floats(folder, 'gemm.a.f32').subarray(0, m * k));
  const b = backend.matrix(k, n, floats(folder, 'gemm.b.f32'));
  const c = backend.matrix(m, n);
  return {
    run: () => {
      for (let call = 0; call < calls; call++) backend.network.gemm(a, b, c);
    },
    value: async () => (await backend.read(c)).reduce((sum, value) => sum + value * value, 0) / (m * n),
  };
}

function discrepancy({ folder, backend }: Place): Body {
  const { rows: N, cols, gamma } = WORK.mmd;
  const [x, y] = ['x', 'y'].map((name) => backend.matrix(N, cols, floats(folder, `mmd.${name}.f32`))) as [Matrix, Matrix];
  const { run, check } = unbiasedMmd(backend, x, y, gamma);
  return { run, value: check };
}

/** What `smote` does between encoding the minority and putting its rows into a table: neighbours, places, numbers. */
function interpolation(place: Place): Body {
  const { minority, cols, rows, k, calls } = WORK.smote;
  const points = floats(place.folder, 'smote.x.f32');
  const columns = Array.from({ length: cols }, (_, c) =>
    Float64Array.from({ length: minority }, (_, row) => points[row * cols + c] as number),
  );
  let drawn: readonly Float64Array[] = [];
  return {
    run: () => {
      for (let call = 0; call < calls; call++) {
        const places = drawPlaces(rows, neighbourhood(points, minority, k, place.backend), Stream.fromSeed(call), place.backend);
        drawn = place.backend.distance.interpolate(columns, places);
      }
    },
    value: () =>
      result(
        place,
        Float32Array.from({ length: rows * cols }, (_, i) => drawn[i % cols]?.[Math.floor(i / cols)] as number),
      ),
  };
}

export const rows: Bodies = { 'gemm-256': product, 'gemm-4096': product, mmd: discrepancy, smote: interpolation };
