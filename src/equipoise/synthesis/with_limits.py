"""Results that are no pooled estimates: what they cannot show is printed under their numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod

from equipoise.display.html import render


class WithLimits(ABC):
    """A result whose text and HTML end in what it cannot show."""

    __slots__ = ()

    @property
    @abstractmethod
    def lines(self) -> tuple[str, ...]:
        """The numbers as lines of text, rounded for readers; the first says what they are."""

    @property
    @abstractmethod
    def limits(self) -> tuple[str, ...]:
        """What these numbers cannot show, in plain sentences."""

    def __str__(self) -> str:
        first, *others = self.lines
        numbers = [first, *(f"  {line}" for line in others)]
        limits = [f"  - {sentence}" for sentence in self.limits]
        return "\n".join([*numbers, "", "What this cannot show", *limits])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return render("with_limits.html", lines=self.lines, limits=self.limits)
