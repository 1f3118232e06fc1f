"""What equipoise raises: one tree of errors, and the `Problem` that the evidence errors carry."""

from collections.abc import Sequence
from dataclasses import dataclass


class EquipoiseError(Exception):
    """Anything equipoise refuses to do, with the reason in words a reader can act on."""


class UsageError(EquipoiseError):
    """The call does not make sense: an unknown outcome, measure or option."""


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Problem:
    """One thing that is wrong with one place of an evidence base.

    Attributes
    ----------
    file
        Name of the file, relative to the evidence folder.
    row
        Row as a spreadsheet counts it: the header is row 1. 0 means the file as a whole.
    column
        Name of the column, or the key inside a TOML file; empty for the row or file as a whole.
    value
        What stands there now.
    what
        What is wrong.
    fix
        What to write instead.
    """

    file: str
    row: int = 0
    column: str = ""
    value: str = ""
    what: str
    fix: str

    def __str__(self) -> str:
        """Return the problem as one line: place, value, what is wrong, what to write."""
        place = self.file
        if self.row:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        shown = f" {_shorten(self.value)!r}" if self.value else ""
        return f"{place}:{shown} {self.what}. Fix: {self.fix}."


class EvidenceError(EquipoiseError):
    """The evidence base has problems; `problems` holds every one of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        count = len(self.problems)
        head = "1 problem" if count == 1 else f"{count} problems"
        super().__init__("\n".join([f"{head} in the evidence:", *map(str, self.problems)]))


def _shorten(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
