"""What a work consists of, and the files that it reads and writes."""
import json
import os
from dataclasses import dataclass
from typing import Any, Callable, Optional

import numpy as np


@dataclass
class Body:
    run: Callable[[], Any]  # the timed part
    value: Callable[[], Any]  # what it computed
    reset: Optional[Callable[[], Any]] = None  # before each timed run
    scale: float = 1.0  # of the seconds, where less than the whole work is run; `note` says so
    note: Optional[str] = None


class Place:
    """Where an item's data lies."""

    def __init__(self, item, folder, system):
        self.item, self.folder, self.system = item, folder, system
        with open(os.path.join(folder, "work.json"), encoding="utf-8") as file:
            self.work = json.load(file)

    def _read(self, name, kind):
        return np.fromfile(os.path.join(self.folder, name), kind)

    def floats(self, name, cols):
        return self._read(name, "<f4").reshape(-1, cols)

    def words(self, name):
        return self._read(name, "<u4").astype(np.int64)

    def octets(self, name):
        return self._read(name, np.uint8)

    def result(self, values):
        path = os.path.join(self.folder, f"{self.item}.{self.system}.f32")
        np.ascontiguousarray(values, dtype="<f4").tofile(path)
        return {"file": path}
