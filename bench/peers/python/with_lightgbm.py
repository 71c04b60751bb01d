"""LightGBM on one thread: boosting and prediction. Trees have the depth of ours and as many leaves as that allows."""
import lightgbm
import numpy as np

from body import Body


def table(place, name):
    return place.floats(f"{name}.x.f32", place.work["trees"]["cols"])


def fitting(place, name):
    trees = place.work["trees"]
    x, y = table(place, name), place.octets(f"{name}.y.u8").astype(np.float32)
    parameters = {
        "objective": "binary",
        "max_depth": trees["depth"],
        "num_leaves": 2 ** trees["depth"],
        "learning_rate": trees["learningRate"],
        "max_bin": trees["bins"] - 1,
        "num_threads": 1,
        "verbosity": -1,
    }
    return lambda: lightgbm.train(parameters, lightgbm.Dataset(x, y, params=parameters), trees["rounds"])


def boosting(place):
    fit, test, state = fitting(place, place.item.replace("boost", "train")), table(place, "test"), {}

    def run():
        state["model"] = fit()

    return Body(run, lambda: place.result(state["model"].predict(test, num_threads=1)))


def prediction(place):
    model, test, state = fitting(place, "train-30k")(), table(place, "test"), {}
    calls = place.work["predict"]["calls"]

    def run():
        for _ in range(calls):
            state["scores"] = model.predict(test, num_threads=1)

    return Body(run, lambda: place.result(state["scores"]))


WORKS = {"boost-30k": boosting, "boost-300k": boosting, "predict": prediction}
