"""The scales on which effects are analysed, and the way from each to the scale people read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np
from scipy.special import expit, logit

from equipoise.effects.interval import Floats

ScaleName: TypeAlias = Literal[
    "identity",
    "log",
    "logit",
    "arcsine root",
    "double arcsine",
    "square root",
    "double square root",
    "Fisher z",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformation:
    """One scale of analysis.

    Attributes
    ----------
    to_analysis, to_natural
        Functions of the values and of the size of the group, inverse to each other. Beyond what
        the natural scale can hold `to_natural` gives its nearest end.
    size
        What the size counts, in words; empty where the transformation needs none.
    """

    to_analysis: Callable[[Floats, Floats], Floats]
    to_natural: Callable[[Floats, Floats], Floats]
    size: str = ""


def _double_arcsine(p: Floats, n: Floats) -> Floats:
    """Return ½(asin √(x/(n+1)) + asin √((x+1)/(n+1))), where x = pn, also for n = ∞."""
    scaled = 1 + 1 / n
    return np.asarray(
        (np.arcsin(np.sqrt(p / scaled)) + np.arcsin(np.sqrt((p + 1 / n) / scaled))) / 2
    )


def _from_double_arcsine(y: Floats, n: Floats) -> Floats:
    """Return Miller's inverse."""
    sine = np.sin(2 * y)
    root = np.sqrt(np.maximum(1 - (sine + (sine - 1 / sine) / n) ** 2, 0))
    p = (1 - np.sign(np.cos(2 * y)) * root) / 2
    nobody, everybody = (_double_arcsine(np.full_like(y, end), n) for end in (0.0, 1.0))
    return np.where(y <= nobody, 0.0, np.where(y >= everybody, 1.0, p))


def _double_square_root(rate: Floats, time: Floats) -> Floats:
    """Return ½(√(x/t) + √((x+1)/t)), where x is the rate times t."""
    return np.asarray((np.sqrt(rate) + np.sqrt(rate + 1 / time)) / 2)


def _from_double_square_root(y: Floats, time: Floats) -> Floats:
    """Return (y - 1/(4yt))², which is 0 from √(1/t)/2 down."""
    return np.where(y <= np.sqrt(1 / time) / 2, 0.0, (y - 1 / (4 * y * time)) ** 2)


TRANSFORMATIONS: Mapping[ScaleName, Transformation] = MappingProxyType(
    {
        "identity": Transformation(to_analysis=lambda x, _: x, to_natural=lambda y, _: y),
        "log": Transformation(
            to_analysis=lambda x, _: np.log(x), to_natural=lambda y, _: np.exp(y)
        ),
        "logit": Transformation(
            to_analysis=lambda p, _: np.asarray(logit(p)),
            to_natural=lambda y, _: np.asarray(expit(y)),
        ),
        "arcsine root": Transformation(
            to_analysis=lambda p, _: np.arcsin(np.sqrt(p)),
            to_natural=lambda y, _: np.sin(np.clip(y, 0, np.pi / 2)) ** 2,
        ),
        "double arcsine": Transformation(
            to_analysis=_double_arcsine, to_natural=_from_double_arcsine, size="people"
        ),
        "square root": Transformation(
            to_analysis=lambda x, _: np.sqrt(x), to_natural=lambda y, _: np.maximum(y, 0) ** 2
        ),
        "double square root": Transformation(
            to_analysis=_double_square_root,
            to_natural=_from_double_square_root,
            size="time at risk",
        ),
        "Fisher z": Transformation(
            to_analysis=lambda r, _: np.arctanh(r), to_natural=lambda y, _: np.tanh(y)
        ),
    }
)
"""Every scale by its name.

References
----------
Freeman & Tukey 1950, Ann Math Stat 21:607-611, doi:10.1214/aoms/1177729756.
Miller 1978, Am Stat 32:138.
"""
