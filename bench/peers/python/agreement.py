"""Our classifiers against scikit-learn's forest and xgboost on the very same splits, without augmentation.

    synthward study --datasets breast_cancer,pbc_visits,support2_icu --methods none --splits-out splits.json --out runs/agreement
    python3 bench/peers/python/agreement.py --splits splits.json --results runs/agreement/results.jsonl

Needs scikit-learn, xgboost and pandas. Protocol: categories one-hot, a missing category a level of its own where the training part
has it, an unseen level counts as the most frequent one; the forest gets numbers imputed by the training median, xgboost gets NaN.
Prints mean AUROC and average precision of both sides and their differences, and ends with 1 when one is larger than allowed.
"""
import argparse
import json
import os
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import average_precision_score, roc_auc_score
from xgboost import XGBClassifier

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../data")
MOST_AUROC = 0.01  # allowed difference of the means
MOST_AP = {"pbc_visits": 0.03}  # 92 positives of few patients: average precision is noisy there
MOST_AP_ELSE = 0.02


class Table:
    """Numbers (NaN = missing), categories as text ('' = missing), labels."""

    def __init__(self, name):
        with open(f"{DATA}/{name}.json", encoding="utf-8") as file:
            meta = json.load(file)
        frame = pd.read_csv(f"{DATA}/{name}.csv", dtype=str, keep_default_na=False)
        self.y = (frame[meta["target"]] == str(meta["positive_label"])).to_numpy().astype(int)
        roles = {meta["target"], meta.get("group_column"), meta.get("id_column")}
        kinds = {column["name"]: column["type"] for column in meta["columns"]}
        features = [column for column in frame.columns if column not in roles]
        as_numbers = {column: pd.to_numeric(frame[column].replace("", np.nan), errors="coerce") for column in features}
        texts = [c for c in features if kinds[c] in ("binary", "categorical") or (as_numbers[c].isna() & (frame[c] != "")).any()]
        self.numbers = np.column_stack([as_numbers[column].to_numpy(float) for column in features if column not in texts])
        self.categories = frame[texts].to_numpy(str)


def one_hot(train, rows):
    columns = []
    for j in range(train.shape[1]):
        levels, counts = np.unique(train[:, j], return_counts=True)
        values = np.where(np.isin(rows[:, j], levels), rows[:, j], levels[np.argmax(counts)])
        columns.append(values[:, None] == levels[None, :])
    return np.concatenate(columns, 1).astype(float) if columns else np.empty((len(rows), 0))


def peer_scores(table, classifier, split, seed):
    train, test = np.array(split["train"]), np.array(split["test"])
    numbers = table.numbers
    if classifier == "rf":
        numbers = np.where(np.isnan(numbers), np.nanmedian(numbers[train], 0), numbers)
        model = RandomForestClassifier(100, random_state=seed, n_jobs=1)
    else:
        model = XGBClassifier(tree_method="hist", n_estimators=100, max_depth=6, learning_rate=0.3, n_jobs=1, random_state=seed)
    encode = lambda rows: np.concatenate([numbers[rows], one_hot(table.categories[train], table.categories[rows])], 1)
    scores = model.fit(encode(train), table.y[train]).predict_proba(encode(test))[:, 1]
    return roc_auc_score(table.y[test], scores), average_precision_score(table.y[test], scores)


def our_scores(path):
    """(data set, classifier, split) -> (AUROC, AP) of the lines without augmentation."""
    scores = {}
    with open(path, encoding="utf-8") as file:
        for text in file:
            line = json.loads(text) if text.endswith("\n") else {}  # a torn last line is no line
            if line.get("method") == "none" and "error" not in line:
                scores[line["dataset"], line["classifier"], line["split"]] = (line["auroc"], line["ap"])
    return scores


def compare(name, classifier, splits, ours, seeds):
    table = Table(name)
    splits = [split for split in splits if (name, classifier, split["split"]) in ours]
    if not splits:
        return None
    mine = np.array([ours[name, classifier, split["split"]] for split in splits])
    peer = np.array([[peer_scores(table, classifier, split, seed) for seed in range(seeds if classifier == "rf" else 1)] for split in splits]).mean(1)
    difference = mine.mean(0) - peer.mean(0)
    most_ap = MOST_AP.get(name, MOST_AP_ELSE)
    fits = abs(difference[0]) <= MOST_AUROC and abs(difference[1]) <= most_ap
    noise = (mine - peer).std(0, ddof=1) / np.sqrt(len(splits)) if len(splits) > 1 else np.full(2, np.nan)
    print(
        f"{name:14} {classifier:4} {len(splits):3} splits | AUROC {mine[:, 0].mean():.4f} peer {peer[:, 0].mean():.4f} "
        f"difference {difference[0]:+.4f} ± {noise[0]:.4f} | AP {mine[:, 1].mean():.4f} peer {peer[:, 1].mean():.4f} "
        f"difference {difference[1]:+.4f} ± {noise[1]:.4f} | {'agrees' if fits else 'DIFFERS'}",
        flush=True,
    )
    return fits


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--splits", required=True, help="what `synthward study --splits-out` writes")
    options.add_argument("--results", required=True, help="results.jsonl of that study")
    options.add_argument("--seeds", type=int, default=3, help="peer forests and boosters a split, averaged (default 3: one forest more or less moves the average precision on pbc_visits by 0.01)")
    given = options.parse_args()
    with open(given.splits, encoding="utf-8") as file:
        splits = json.load(file)
    ours = our_scores(given.results)
    outcomes = [compare(name, classifier, splits[name], ours, given.seeds) for name in splits for classifier in ("rf", "xgb")]
    if all(outcome is None for outcome in outcomes):
        sys.exit("the results have no line of method none for these splits")
    sys.exit(0 if all(outcome in (True, None) for outcome in outcomes) else 1)


if __name__ == "__main__":
    main()
