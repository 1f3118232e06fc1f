"""What every test may count on: no screen, no figure left open, and the first evidence base."""

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import pytest

import equipoise as eq

mpl.use("agg")

ROOT = Path(__file__).parents[1]
BASE = ROOT / "evidence" / "inversion_therapy"


@pytest.fixture(scope="session")
def evidence() -> eq.Evidence:
    return eq.load_evidence(BASE)


@pytest.fixture(autouse=True)
def _close_figures() -> Iterator[None]:
    yield
    from matplotlib import pyplot as plt

    plt.close("all")
