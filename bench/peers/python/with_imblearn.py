"""imbalanced-learn's SMOTE, with a majority of two rows that takes no part in the work."""
import numpy as np
from imblearn.over_sampling import SMOTE

from body import Body


def smote(place):
    work = place.work["smote"]
    minority = place.floats("smote.x.f32", work["cols"])
    x = np.concatenate([np.zeros((2, work["cols"]), np.float32), minority])
    y = np.repeat([0, 1], [2, len(minority)])
    wanted = {1: len(minority) + work["rows"]}
    state = {}

    def run():
        for call in range(work["calls"]):
            state["rows"], _ = SMOTE(sampling_strategy=wanted, k_neighbors=work["k"], random_state=call).fit_resample(x, y)

    return Body(run, lambda: place.result(state["rows"][len(x) :]))


WORKS = {"smote": smote}
