"""A folder of reference numbers: the tables, and what metafor says about each."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Record = dict[str, Any]
Floats = np.ndarray[Any, np.dtype[np.float64]]

SECTIONS = ("escalc", "rma_uni", "mh_peto", "sensitivity")

_COLUMNS = {
    *("events_treatment", "n_treatment", "events_control", "n_control"),
    *("time_treatment", "time_control", "events", "time", "n", "r", "mean", "sd", "yi", "vi"),
    *("mean_treatment", "sd_treatment", "mean_control", "sd_control"),
    *("mean_before", "sd_before", "mean_after", "sd_after"),
}
_WORDS = {None: math.nan, "NaN": math.nan, "Inf": math.inf, "-Inf": -math.inf}


@dataclass(frozen=True, slots=True)
class DataSet:
    name: str
    kind: str
    table: pd.DataFrame
    records: dict[str, list[Record]]

    def effects(self, measure: str) -> tuple[Floats, Floats]:
        """Return metafor's effects and variances, so that pooling is judged alone."""
        if self.kind == "generic":
            return self.table["yi"].to_numpy(float), self.table["vi"].to_numpy(float)
        wanted = f"{measure}|default"
        found = next(record for record in self.records["escalc"] if record["id"] == wanted)
        return numbers(found["expected"]["yi"]), numbers(found["expected"]["vi"])


def read_folder(folder: Path) -> Iterator[DataSet]:
    """Return every data set that the folder's manifest.json lists."""
    for listed in manifest(folder)["datasets"]:
        content = json.loads((folder / listed["json"]).read_text("utf-8"))
        yield DataSet(
            listed["dataset"],
            listed["kind"],
            _table(folder / listed["csv"]),
            {section: content[section] for section in SECTIONS},
        )


def _table(path: Path) -> pd.DataFrame:
    """Return the numbers of a CSV file, each the double nearest to what is written."""
    written = pd.read_csv(path, dtype=str)
    return written[[name for name in written if name in _COLUMNS]].astype(float)


def manifest(folder: Path) -> dict[str, Any]:
    """Return which versions made the folder, and which data sets it has."""
    content: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return content


def numbers(values: Any) -> Floats:
    """Return what JSON holds, a number or a list of them, as an array; null is NaN."""
    listed = values if isinstance(values, list) else [values]
    return np.array([_WORDS.get(v, v) if isinstance(v, str | None) else v for v in listed], float)
