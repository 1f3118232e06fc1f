"""The same analyses by other Python packages, each called the way its documentation shows."""

import warnings
from collections import defaultdict
from collections.abc import Callable, Sequence
from importlib import import_module, metadata
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Sets: TypeAlias = Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]]
Loop: TypeAlias = Callable[[Sets], None]


def pimeta(sets: Sets) -> None:
    """Fit by REML, Hartung-Knapp, with prediction."""
    rma = import_module("pimeta").rma
    for y, v in sets:
        rma(y, v, method="REML", test="knha").predict()


def pymetaanalysis(sets: Sets) -> None:
    """Fit by REML, Hartung-Knapp; prediction comes with it."""
    package = import_module("meta_analyze")
    for y, v in sets:
        package.meta_analysis(effect=y, variance=v, tau2_method="REML", ci_method="hartung-knapp")


def pymare(sets: Sets) -> None:
    """Fit by REML, Hartung-Knapp, without prediction: all sets of one size together."""
    estimators = import_module("pymare.estimators")
    core = import_module("pymare")
    by_size = defaultdict(list)
    for y, v in sets:
        by_size[len(y)].append((y, v))
    for k, group in by_size.items():
        y, v = (np.stack(columns, axis=1) for columns in zip(*group, strict=True))
        data = core.Dataset(y, v, X=np.ones((k, 1)), add_intercept=False)
        results = estimators.VarianceBasedLikelihoodEstimator(method="REML").fit_dataset(data)
        summary = results.summary()
        summary.get_fe_stats()
        summary.get_heterogeneity_stats()


def statsmodels_pm(sets: Sets) -> None:
    """Fit by Paule and Mandel, Hartung-Knapp, without prediction: there is no REML."""
    combine = import_module("statsmodels.stats.meta_analysis").combine_effects
    for y, v in sets:
        combine(y, v, method_re="iterated", use_t=True)


def statsmodels_dl(sets: Sets) -> None:
    """Fit by DerSimonian and Laird, Hartung-Knapp, without prediction."""
    combine = import_module("statsmodels.stats.meta_analysis").combine_effects
    for y, v in sets:
        combine(y, v, method_re="dl", use_t=True)


PEERS: dict[str, tuple[str, Loop]] = {
    "pimeta, loop": ("pimeta", pimeta),
    "PyMetaAnalysis, loop": ("PyMetaAnalysis", pymetaanalysis),
    "PyMARE, by size of set": ("PyMARE", pymare),
    "statsmodels, loop, PM": ("statsmodels", statsmodels_pm),
    "statsmodels, loop, DL": ("statsmodels", statsmodels_dl),
}
"""What the table calls them, the distribution that must be installed, and the call."""


def installed() -> tuple[dict[str, Loop], list[str]]:
    """Return the peers that are here, with their version, and the names of those that are not."""
    warnings.simplefilter("ignore")  # of the peers
    here: dict[str, Loop] = {}
    absent: list[str] = []
    for name, (distribution, loop) in PEERS.items():
        try:
            version = metadata.version(distribution)
        except metadata.PackageNotFoundError:
            absent += [] if distribution in absent else [distribution]
        else:
            here[f"{distribution} {version}{name.removeprefix(distribution)}"] = loop
    return here, absent
