"""What a column and a table of an evidence base are, and short ways to declare a column."""

import re
from dataclasses import dataclass
from typing import Literal

CellType = Literal["id", "text", "url", "choice", "integer", "number"]

ID = re.compile(r"[a-z0-9][a-z0-9_]*", re.ASCII)
"""What an id looks like; some become file names, on systems where capitals make no difference."""

NOT_REPORTED = "NR"
"""Looked for and not reported. An empty cell says something else: it does not apply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: what it means and what its cells may hold."""

    name: str
    type: CellType
    meaning: str
    required: bool = False
    may_be_nr: bool = False
    allowed: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    references: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One CSV file: what a row is, which columns make it unique, and its columns in order."""

    name: str
    row_is: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def file(self) -> str:
        """Name of the CSV file."""
        return f"{self.name}.csv"

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)


def identifier(
    name: str, meaning: str, *, references: str = "", required: bool = True, nr: bool = False
) -> Column:
    """An id, perhaps of another table; required unless said otherwise, or unless it may be NR."""
    return Column(
        name=name,
        type="id",
        meaning=meaning,
        required=required and not nr,
        may_be_nr=nr,
        references=references,
    )


def text(name: str, meaning: str, *, required: bool = False, nr: bool = False) -> Column:
    """Free text."""
    return Column(name=name, type="text", meaning=meaning, required=required, may_be_nr=nr)


def choice(
    name: str, meaning: str, allowed: str, *, required: bool = True, nr: bool = False
) -> Column:
    """One of the words in `allowed`, which are separated by spaces."""
    return Column(
        name=name,
        type="choice",
        meaning=meaning,
        required=required,
        may_be_nr=nr,
        allowed=tuple(allowed.split()),
    )


def count(name: str, meaning: str) -> Column:
    """A number of people, which may be NR."""
    return Column(name=name, type="integer", meaning=meaning, may_be_nr=True, low=0)


def number(
    name: str, meaning: str, *, low: float | None = None, high: float | None = None
) -> Column:
    """A number within limits, which may be NR."""
    return Column(name=name, type="number", meaning=meaning, may_be_nr=True, low=low, high=high)
