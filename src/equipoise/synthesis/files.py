"""Tables of studies from files, and tables of results into files: CSV and Parquet."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.display.csvtext import write_csv
from equipoise.effects.aliases import ALIASES, standard_names
from equipoise.effects.measures import measure as measure_of
from equipoise.effects.sizes import effect_sizes
from equipoise.errors import UsageError
from equipoise.synthesis.csv_shape import check_csv

if TYPE_CHECKING:
    import pandas as pd

_ENDINGS = (".csv", ".parquet")


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a table of studies from a CSV or Parquet file.

    Parameters
    ----------
    path
        A file that ends in .csv (UTF-8, commas, a header, in every row as many cells as in that) or
        .parquet (needs the extra `parquet`). The column names of metafor, R's meta and RevMan are
        turned into those used here.

    Returns
    -------
    DataFrame
        One row a study.

    Raises
    ------
    UsageError
        If the file is not there, is of another kind, or is not what its ending says; if rows do not
        fit the header.
    """
    import pandas as pd

    path = Path(path)
    _check_ending(path)
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    try:
        if path.suffix.lower() == ".parquet":
            table = pd.read_parquet(path)
        else:
            check_csv(path)
            table = pd.read_csv(path, encoding="utf-8-sig", low_memory=False, index_col=False)
    except ImportError as error:
        raise _no_parquet() from error
    except (
        ValueError,
        OSError,
    ) as error:  # pandas' and pyarrow's errors of content are ValueErrors
        raise UsageError(f"{path} cannot be read as a table: {error}") from error
    if table.columns.empty or table.empty:
        raise UsageError(f"{path} holds no rows")
    return standard_names(table)


def with_effects(table: pd.DataFrame, measure: str | None) -> pd.DataFrame:
    """Return the table with effects and variances, computed from it unless it has them.

    Parameters
    ----------
    table
        One row a study.
    measure
        Key of the effect measure; None where the table holds effects of no named measure.

    Returns
    -------
    DataFrame
        Ready to pool.

    Raises
    ------
    UsageError
        If there are no effects and no measure to compute, or as `effect_sizes`.
    """
    if "effect" in table.columns and {"variance", "se"} & set(table.columns):
        if measure is None or "measure" in table.columns:
            return table if measure is None else _of_measure(table, measure)
        return table.assign(measure=measure_of(measure).key)
    if measure is None:
        raise UsageError(
            "the table holds no effects (columns effect and variance or se); name the measure to "
            "compute from its counts or means, for instance --measure RR"
        )
    return effect_sizes(table, measure)


def _of_measure(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the table if its effects are of this measure, and none of its rows of another."""
    asked, given = measure_of(measure).key, table["measure"]
    others = given[given.notna() & (given != asked)]
    if len(others):
        raise UsageError(
            f"the effects of the table are {others.iloc[0]} (its column measure), and not {asked}; "
            f"to have {asked} computed from counts or means, take out the columns of the effects"
        )
    return table.assign(measure=asked)


def column_name(table: pd.DataFrame, name: str) -> str:
    """Return what a column that was named on the command line is called now.

    Parameters
    ----------
    table
        From `read_table`, which renames the columns of other programs.
    name
        As the file has it, or as it is called here.

    Raises
    ------
    UsageError
        If there is no such column; the message lists those there are.
    """
    now = name if name in table.columns else ALIASES.get(name, name)
    if now not in table.columns:
        raise UsageError(f"the table has no column {name!r}; it has {list(table.columns)}")
    return now


def check_output(path: str | Path, source: str | Path) -> None:
    """Refuse a file to write to that cannot be one, before anything is computed.

    Parameters
    ----------
    path
        The file to write.
    source
        The file that was read.

    Raises
    ------
    UsageError
        If its ending is another, if its folder is not there, or if it is the file that was read.
    """
    path = Path(path)
    _check_ending(path)
    folder = path.resolve().parent
    if not folder.is_dir():
        raise UsageError(f"{path} cannot be written: there is no folder {folder}; make it first")
    if path.exists() and path.samefile(source):
        raise UsageError(
            f"{path} is the table that was read, and was left as it is; write the result to "
            "another file"
        )


def write_table(table: pd.DataFrame, path: str | Path) -> None:
    """Write a table, unrounded, to a CSV or Parquet file.

    It is written beside its place and moved there at the end, so that no half of it can be met.

    Parameters
    ----------
    table
        What to write. In CSV, text that a spreadsheet would take for a formula gets an apostrophe.
    path
        A file that ends in .csv or .parquet (needs the extra `parquet`).

    Raises
    ------
    UsageError
        If the file is of another kind, the extra is not installed, or the file cannot be written.
    """
    path = Path(path)
    _check_ending(path)
    place = path.resolve()
    beside = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        if path.suffix.lower() == ".csv":
            write_csv(table, beside)
        else:
            table.to_parquet(beside, index=False)
        beside.replace(place)
    except ImportError as error:
        raise _no_parquet() from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)


def _check_ending(path: Path) -> None:
    if path.suffix.lower() not in _ENDINGS:
        raise UsageError(f"{path}: the name must end in {' or '.join(_ENDINGS)}")


def _no_parquet() -> UsageError:
    return UsageError('Parquet files need the extra: pip install "equipoise[parquet]"')
