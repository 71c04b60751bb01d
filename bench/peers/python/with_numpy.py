"""numpy on one thread: matrix products, and SMOTE with scikit-learn's neighbours."""
import numpy as np
from sklearn.neighbors import NearestNeighbors

from body import Body


def product(place):
    gemm = place.work["gemm"]
    m, calls = gemm[place.item]["m"], gemm[place.item]["calls"]
    a, b = place.floats("gemm.a.f32", gemm["k"])[:m], place.floats("gemm.b.f32", gemm["n"])
    c = np.empty((m, gemm["n"]), np.float32)

    def run():
        for _ in range(calls):
            np.matmul(a, b, out=c)

    return Body(run, lambda: float(np.square(c).mean()))


def smote(place):
    """Chawla et al. 2002, vectorised over the new rows."""
    work = place.work["smote"]
    x = place.floats("smote.x.f32", work["cols"])
    rows, k = work["rows"], work["k"]
    state = {}

    def run():
        for call in range(work["calls"]):
            draws = np.random.default_rng(call)
            near = NearestNeighbors(n_neighbors=k + 1).fit(x).kneighbors(x, return_distance=False)[:, 1:]
            base = draws.integers(len(x), size=rows)
            other = near[base, draws.integers(k, size=rows)]
            gap = draws.random((rows, 1), dtype=np.float32)
            start = x[base]
            state["rows"] = start + gap * (x[other] - start)

    return Body(run, lambda: place.result(state["rows"]))


WORKS = {"gemm-256": product, "gemm-4096": product, "smote": smote}
