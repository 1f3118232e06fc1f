"""The notebooks: thin, executed, and still showing what the code gives."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

from equipoise.appraisal.wording import BANNED
from equipoise.report.notebooks import run_notebook

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LARGEST = 500_000
LONGEST_CELL = 25


def _read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


def _code(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _numbers(notebook: nbformat.NotebookNode) -> dict[str, list[str]]:
    """The text of the cells tagged `number`, by cell id."""
    texts: dict[str, list[str]] = {}
    for cell in _code(notebook):
        if "number" in cell.metadata.get("tags", []):
            texts[cell.id] = [
                output.get("text") or output.data["text/plain"] for output in cell.outputs
            ]
    return texts


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) >= 4


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_thin(path: Path) -> None:
    notebook = _read(path)
    titles = [
        line
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("# ")
    ]
    assert len(titles) == 1
    for cell in _code(notebook):
        assert len(cell.source.splitlines()) <= LONGEST_CELL
        defined = [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.FunctionDef)]
        assert not defined, "move functions into src"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_committed_as_a_fresh_run(path: Path) -> None:
    cells = _code(_read(path))
    assert path.stat().st_size < LARGEST
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    kinds = {output.output_type for cell in cells for output in cell.outputs}
    assert "error" not in kinds
    streams = {o.name for cell in cells for o in cell.outputs if o.output_type == "stream"}
    assert streams <= {"stdout"}, "a cell wrote a warning"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_what_a_notebook_prints_claims_no_more_than_it_may(path: Path) -> None:
    printed = [
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for cell in _code(_read(path))
        for output in cell.outputs
    ]
    own = re.sub(r"“[^”]*”", "", " ".join(printed))  # what others say is theirs
    assert own.strip()
    assert [word for word in BANNED if re.search(rf"\b{word}\b", own, re.IGNORECASE)] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_still_gives_its_numbers(path: Path) -> None:
    committed, fresh = _read(path), run_notebook(path)
    assert _numbers(committed), "tag the cells that matter with `number`"
    assert _numbers(fresh) == _numbers(committed)
    for then, now in zip(_code(committed), _code(fresh), strict=True):
        assert [o.output_type for o in now.outputs] == [o.output_type for o in then.outputs]
        pictures = [o for o in now.outputs if "image/png" in o.get("data", {})]
        assert len(pictures) == sum("figures." in line for line in now.source.splitlines())
