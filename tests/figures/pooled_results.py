"""Pooled estimates that tests of figures draw: the BCG trials, and simulated ones of any number."""

from pathlib import Path

import numpy as np
import pandas as pd

import equipoise as eq

ROOT = Path(__file__).parents[2]


def bcg_table() -> pd.DataFrame:
    """Return the counts of the 13 trials of the reference data."""
    return pd.read_csv(ROOT / "tests" / "reference" / "bcg.csv")


def bcg_summary() -> eq.Summary:
    """Return the summary of the BCG evidence base."""
    return eq.summarize(eq.load_evidence(ROOT / "evidence" / "bcg_vaccine"), "tuberculosis")


def simulated(k: int, measure: str = "RR") -> eq.Pooled:
    """Return `k` pooled studies of different precision."""
    draw = np.random.default_rng(k)
    variances = np.exp(draw.normal(-2.5, 1.0, k))
    effects = draw.normal(-0.3, np.sqrt(variances + 0.05))
    labels = [f"Study {number}" for number in range(k)]
    return eq.pool(effects, variances, labels=labels, measure=measure)
