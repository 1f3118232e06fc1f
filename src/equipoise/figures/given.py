"""What a figure is given: one summary or several, and nothing that only looks like them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from equipoise.errors import UsageError

if TYPE_CHECKING:
    from equipoise.appraisal.summary import Summary


def check_summary(given: object, figure: str, other: str = "") -> None:
    """Refuse what is no summary of an outcome.

    Parameters
    ----------
    given
        What the figure was given.
    figure
        Its name.
    other
        What else it draws, in words.

    Raises
    ------
    UsageError
        Naming what it got, and what to give.
    """
    if not (hasattr(given, "outcome") and hasattr(given, "caveats")):
        wanted = f"a summary from summarize{f', or {other}' if other else ''}"
        raise UsageError(f"{figure} draws {wanted}, not a {type(given).__name__}")


def summaries_of(given: Summary | Iterable[Summary], figure: str) -> tuple[Summary, ...]:
    """Return one summary or several as a tuple.

    Parameters
    ----------
    given
        What the figure was given.
    figure
        Its name.

    Raises
    ------
    UsageError
        If one of them is no summary.
    """
    several = tuple(given) if isinstance(given, Iterable) else (given,)
    for one in several:
        check_summary(one, figure)
    return several
