"""xgboost on one thread: histogram boosting, its random forest, and prediction. Scores are probabilities of the test rows."""
import numpy as np
import xgboost

from body import Body

THREADS = {"nthread": 1, "tree_method": "hist", "verbosity": 0}


def table(place, name):
    return place.floats(f"{name}.x.f32", place.work["trees"]["cols"])


def fitting(place, name, parameters, rounds):
    """Binning is a part of the fit, as it is of ours."""
    x, y, test = table(place, name), place.octets(f"{name}.y.u8").astype(np.float32), table(place, "test")
    state = {}

    def run():
        data = xgboost.QuantileDMatrix(x, y, nthread=1, max_bin=place.work["trees"]["bins"])
        state["model"] = xgboost.train({**THREADS, "max_bin": place.work["trees"]["bins"], **parameters}, data, rounds)

    return Body(run, lambda: place.result(state["model"].inplace_predict(test))), state


def boosting(place):
    trees = place.work["trees"]
    parameters = {"objective": "binary:logistic", "max_depth": trees["depth"], "eta": trees["learningRate"]}
    return fitting(place, place.item.replace("boost", "train"), parameters, trees["rounds"])[0]


def forest(place):
    """Squared error of labels without regularisation is what Gini impurity is; grown until leaves are pure."""
    trees = place.work["trees"]
    parameters = {
        "objective": "reg:squarederror",
        "num_parallel_tree": trees["trees"],
        "subsample": 0.632,  # as many different rows as a bootstrap draws
        "colsample_bynode": trees["featuresPerSplit"] / trees["cols"],
        "eta": 1,
        "lambda": 0,
        "min_child_weight": 1,
        "gamma": 1e-6,
        "max_depth": 0,
    }
    return fitting(place, "train-30k", parameters, 1)[0]


def prediction(place):
    trees = place.work["trees"]
    parameters = {"objective": "binary:logistic", "max_depth": trees["depth"], "eta": trees["learningRate"]}
    body, state = fitting(place, "train-30k", parameters, trees["rounds"])
    body.run()
    model, test, calls = state["model"], table(place, "test"), place.work["predict"]["calls"]

    def run():
        for _ in range(calls):
            state["scores"] = model.inplace_predict(test)

    return Body(run, lambda: place.result(state["scores"]))


WORKS = {"boost-30k": boosting, "boost-300k": boosting, "forest-30k": forest, "predict": prediction}
