"""The Python package ctgan (CTGAN and TVAE with its own defaults, on the minority alone) on the very same splits as ours.

    synthward study --methods ctgan,tvae --ratios 1 --splits 10 --splits-out splits.json --out runs/generators
    python3 bench/peers/python/generators.py --splits splits.json --out bench/results/peers-generators.json [--results runs/generators/results.jsonl]

Needs ctgan (and with it torch), scikit-learn, xgboost and pandas. Protocol: missing numbers are imputed by the training median, a missing
category is a level of its own where the training part has it, whole-number columns of few values go back to the nearest seen one. As in our
study: rows up to as many minority as majority rows are added and learnt from, F1 at 0.5; at least 1,000 rows of the same fit are judged by
MMD in the space standardised by the training part, bandwidth the median distance of the real training minority, at most 2,000 rows a side.
Fits that are in --out already are not made again. With --results our means are printed beside the peers', and the exit status is 1 where ours
are worse by more than one standard deviation.
"""
import argparse
import importlib.metadata
import json
import os
import platform
import sys
import time
import warnings

os.environ.setdefault("LOKY_MAX_CPU_COUNT", "1")  # ctgan spreads its transformation over all cores

from agreement import Table, one_hot  # sets one thread for all before numpy is loaded

import ctgan
import numpy as np
import pandas as pd
import torch
from scipy.spatial.distance import cdist, pdist
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import average_precision_score, f1_score
from xgboost import XGBClassifier

METHODS = {"ctgan": ctgan.CTGAN, "tvae": ctgan.TVAE}
JUDGED_ROWS = 1000
MOST_ROWS = 2000
FEW_VALUES = 32
METRICS = ("mmd2_u_excess", "mmd_b", "f1_rf", "f1_xgb", "ap_rf", "ap_xgb", "fit_s", "sample_s")
COMPARED = {"mmd2_u_excess": -1, "f1_rf": 1, "f1_xgb": 1, "ap_rf": 1, "ap_xgb": 1}  # 1: more is better


class Part:
    """A split's tables as matrices: everything that is fitted is fitted on the training part."""

    def __init__(self, table, split):
        self.train, self.test = np.array(split["train"]), np.array(split["test"])
        self.y = table.y[self.train]
        self.y_test = table.y[self.test]
        imputed = np.where(np.isnan(table.numbers), np.nanmedian(table.numbers[self.train], 0), table.numbers)
        self.numbers, self.categories = imputed[self.train], table.categories[self.train]
        self.test_numbers, self.test_categories = imputed[self.test], table.categories[self.test]
        self.mean, self.sd = self.numbers.mean(0), self.numbers.std(0)
        self.sd[self.sd < 1e-12] = 1

    def features(self, numbers, categories):
        return np.concatenate([numbers, one_hot(self.categories, categories)], 1)

    def standardised(self, numbers, categories):
        return self.features((numbers - self.mean) / self.sd, categories)

    def snapped(self, numbers):
        numbers = numbers.copy()
        for j in range(numbers.shape[1]):
            seen = np.unique(self.numbers[:, j])
            if len(seen) <= FEW_VALUES and np.all(seen == np.round(seen)):
                numbers[:, j] = seen[np.abs(numbers[:, j][:, None] - seen[None]).argmin(1)]
        return numbers


def at_most(rows, seed):
    return rows if len(rows) <= MOST_ROWS else rows[np.random.default_rng(seed).choice(len(rows), MOST_ROWS, replace=False)]


def mmd(a, b, s, seed=0):
    """(unbiased MMD², biased MMD) with the kernel exp(-d² / 2s²)."""
    a, b = at_most(a, seed), at_most(b, seed)
    n, m = len(a), len(b)
    aa, bb, ab = (np.exp(cdist(x, y, "sqeuclidean") / (-2 * s * s)) for x, y in ((a, a), (b, b), (a, b)))
    unbiased = (aa.sum() - n) / (n * (n - 1)) + (bb.sum() - m) / (m * (m - 1)) - 2 * ab.mean()
    return float(unbiased), float(np.sqrt(max(0, aa.mean() + bb.mean() - 2 * ab.mean())))


def rows_of(method, part, count, seed):
    """`count` rows of a fit on the minority: numbers, categories, seconds of fitting and of sampling."""
    minority = part.y == 1
    levels = [np.unique(column) for column in part.categories.T]
    codes = {f"c{j}": np.searchsorted(found, part.categories[minority, j]).astype(str) for j, found in enumerate(levels)}
    frame = pd.DataFrame({**{f"n{j}": column for j, column in enumerate(part.numbers[minority].T)}, **codes})
    torch.manual_seed(seed)
    np.random.seed(seed)
    model = METHODS[method](enable_gpu=False)
    started = time.process_time()
    model.fit(frame, list(codes))
    fitted = time.process_time()
    made = model.sample(count)
    sampled = time.process_time()
    numbers = made[[name for name in frame if name not in codes]].to_numpy(float)
    texts = [found[made[f"c{j}"].astype(int)] for j, found in enumerate(levels)]
    categories = np.array(texts).T if texts else np.empty((count, 0), str)
    return part.snapped(numbers), categories, fitted - started, sampled - fitted


def measure(method, part, seed):
    added = int((part.y == 0).sum() - (part.y == 1).sum())
    numbers, categories, fit_s, sample_s = rows_of(method, part, max(added, JUDGED_ROWS), seed)
    of_class = lambda rows, y: rows[y == 1]
    training = of_class(part.standardised(part.numbers, part.categories), part.y)
    test = of_class(part.standardised(part.test_numbers, part.test_categories), part.y_test)
    made = part.standardised(numbers, categories)
    s = float(np.median(pdist(at_most(training, 0))))
    floor, judged = mmd(training, test, s), mmd(made, test, s)
    line = {"mmd2_u": judged[0], "mmd2_u_floor": floor[0], "mmd2_u_excess": judged[0] - floor[0], "mmd_b": mmd(made[:added], test, s)[1]}
    x = np.concatenate([part.features(part.numbers, part.categories), part.features(numbers[:added], categories[:added])])
    y = np.concatenate([part.y, np.ones(added, int)])
    x_test = part.features(part.test_numbers, part.test_categories)
    models = {
        "rf": RandomForestClassifier(100, random_state=seed, n_jobs=1),
        "xgb": XGBClassifier(tree_method="hist", n_estimators=100, max_depth=6, learning_rate=0.3, n_jobs=1, random_state=seed),
    }
    for name, model in models.items():
        scores = model.fit(x, y).predict_proba(x_test)[:, 1]
        line[f"f1_{name}"] = f1_score(part.y_test, scores > 0.5)
        line[f"ap_{name}"] = average_precision_score(part.y_test, scores)
    return {**{name: round(float(value), 6) for name, value in line.items()}, "n_synth": added, "fit_s": round(fit_s, 2), "sample_s": round(sample_s, 2)}


def statistics(lines):
    """table -> method -> metric -> mean, sd, n."""
    summary = {}
    for table, method in dict.fromkeys((line["dataset"], line["method"]) for line in lines):
        own = [line for line in lines if (line["dataset"], line["method"]) == (table, method)]
        of = lambda metric: np.array([line[metric] for line in own if metric in line])
        spread = lambda values: round(float(values.std(ddof=1)), 6) if len(values) > 1 else None
        summary.setdefault(table, {})[method] = {
            metric: {"mean": round(float(of(metric).mean()), 6), "sd": spread(of(metric)), "n": len(of(metric))} for metric in METRICS if len(of(metric))
        }
    return summary


def write(path, lines):
    packages = ("ctgan", "torch", "scikit-learn", "xgboost", "numpy", "pandas")
    content = {
        "command": "python3 bench/peers/python/generators.py --splits splits.json --out bench/results/peers-generators.json",
        "settings": "the package's own defaults (300 epochs, batches of 500), minority of the training part only; ratio 1, cut-off 0.5, 1 thread",
        "versions": {"python": platform.python_version(), **{name: importlib.metadata.version(name) for name in packages}},
        "summary": statistics(lines),
        "lines": lines,
    }
    with open(path, "w", encoding="utf-8") as file:
        head = json.dumps({key: value for key, value in content.items() if key != "lines"}, indent=1)[:-2]
        file.write(head + ',\n "lines": [\n  ' + ",\n  ".join(map(json.dumps, lines)) + "\n ]\n}\n")


def our_lines(path):
    """Our results in the shape of the peers' lines."""
    lines = {}
    with open(path, encoding="utf-8") as file:
        for text in file:
            line = json.loads(text) if text.endswith("\n") else {"error": "torn"}
            if line.get("method") not in METHODS or "error" in line or line["ratio"] != 1:
                continue
            own = lines.setdefault((line["dataset"], line["method"], line["split"]), {name: line[name] for name in ("dataset", "method", "split", "mmd_b", "fit_s", "sample_s")})
            own["mmd2_u_excess"] = line["mmd2_u"] - line["mmd2_u_floor"]
            own[f"f1_{line['classifier']}"] = line["f1"]
            own[f"ap_{line['classifier']}"] = line["ap"]
    return list(lines.values())


def compare(lines, ours):
    """Prints both sides on the splits that both have; True where ours is nowhere worse by more than one of the peer's deviations."""
    fits = True
    keys = [{(line["dataset"], line["method"], line["split"]) for line in side} for side in (lines, ours)]
    both = keys[0] & keys[1]
    peer, own = (statistics([line for line in side if (line["dataset"], line["method"], line["split"]) in both]) for side in (lines, ours))
    for table, methods in peer.items():
        for method, metrics in methods.items():
            for metric, more in COMPARED.items():
                theirs, mine = metrics.get(metric), own[table][method].get(metric)
                if theirs is None or mine is None:
                    continue
                worse = more * (theirs["mean"] - mine["mean"]) > (theirs["sd"] or 0)
                fits = fits and not worse
                show = lambda value: f"{value['mean']:.4f} ± {value['sd'] or 0:.4f}"
                print(f"{table:14} {method:6} {metric:14} {theirs['n']:3} splits | ours {show(mine)} | peer {show(theirs)} | {'WORSE' if worse else 'no worse'}")
    return fits


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--splits", required=True, help="what `synthward study --splits-out` writes")
    options.add_argument("--out", required=True, help="JSON file to write; what it has already is kept")
    options.add_argument("--datasets", help="names separated by commas (default: all of --splits)")
    options.add_argument("--most", type=int, help="splits of each table (default: all)")
    options.add_argument("--results", help="results.jsonl of our study on these splits")
    given = options.parse_args()
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")
    with open(given.splits, encoding="utf-8") as file:
        splits = json.load(file)
    lines = []
    if os.path.exists(given.out):
        with open(given.out, encoding="utf-8") as file:
            lines = json.load(file)["lines"]
    done = {(line["dataset"], line["method"], line["split"]) for line in lines}
    for name in given.datasets.split(",") if given.datasets else splits:
        table = Table(name)
        for split in splits[name][: given.most]:
            for method in METHODS:
                if (name, method, split["split"]) in done:
                    continue
                line = {"dataset": name, "method": method, "split": split["split"], **measure(method, Part(table, split), split["split"])}
                lines.append(line)
                print(json.dumps(line), flush=True)
                write(given.out, lines)
    sys.exit(0 if not given.results or compare(lines, our_lines(given.results)) else 1)


if __name__ == "__main__":
    main()
