"""scikit-learn on one thread: random forest and kernel matrices for MMD."""
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics.pairwise import rbf_kernel

from body import Body


def forest(place):
    trees = place.work["trees"]
    x, test = (place.floats(f"{name}.x.f32", trees["cols"]) for name in ("train-30k", "test"))
    y = place.octets("train-30k.y.u8")
    state = {}

    def run():
        model = RandomForestClassifier(trees["trees"], max_features="sqrt", n_jobs=1, random_state=0)
        state["model"] = model.fit(x, y)

    return Body(run, lambda: place.result(state["model"].predict_proba(test)[:, 1]))


def discrepancy(place):
    """Unbiased MMD² in float64."""
    work = place.work["mmd"]
    x, y = (place.floats(f"mmd.{name}.f32", work["cols"]).astype(np.float64) for name in "xy")
    n, gamma = work["rows"], work["gamma"]
    state = {}

    def run():
        within = sum(rbf_kernel(rows, gamma=gamma).sum() - n for rows in (x, y)) / (n * (n - 1))
        state["squared"] = float(within - 2 * rbf_kernel(x, y, gamma=gamma).sum() / n**2)

    return Body(run, lambda: state["squared"])


WORKS = {"forest-30k": forest, "mmd": discrepancy}
