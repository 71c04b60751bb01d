"""A Python system as a measured process: `worker.py torch`. bench/peers/process.ts says what it answers.

A work is a function of the data's folder that returns a `Body`; each system has a module of its own, imported when it is first asked for.
"""
import importlib
import importlib.metadata
import json
import os
import sys
import time

for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM"):
    os.environ[f"{name}_NUM_THREADS"] = "1"

# module that holds its works, and the packages that they need
SYSTEMS = {
    "torch": ("with_torch", ["torch"]),
    "torch-tuned": ("with_torch", ["torch"]),
    "xgboost": ("with_xgboost", ["xgboost"]),
    "lightgbm": ("with_lightgbm", ["lightgbm"]),
    "scikit-learn": ("with_sklearn", ["scikit-learn"]),
    "numpy": ("with_numpy", ["numpy", "scikit-learn"]),
    "imbalanced-learn": ("with_imblearn", ["imbalanced-learn"]),
}


def versions(packages):
    """Name and version of each, and the first that is not there."""
    found = []
    for package in packages:
        try:
            found.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            return None, package
    return ", ".join(found), None


def main(system):
    module, packages = SYSTEMS[system]
    version, missing = versions(packages)
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print is no answer
    body = None

    def answer(request):
        nonlocal body
        if request["do"] == "end":
            body = None
            return {"ended": True}
        if request["do"] == "prepare":
            if missing:
                return {"missing": f"the Python package {missing}"}
            from body import Place

            body = importlib.import_module(module).WORKS[request["item"]](Place(request["item"], request["folder"], system))
            return {"ready": version + (" tuned" if system == "torch-tuned" else "")}
        if body.reset:
            body.reset()
        start = time.process_time()
        body.run()
        seconds = (time.process_time() - start) * body.scale
        return {"seconds": seconds, "value": body.value(), **({"note": body.note} if body.note else {})}

    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception as error:  # whatever a library throws is told, and the next item may still run
            reply = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(reply) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
