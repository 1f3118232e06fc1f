"""Run notebooks from top to bottom, so that what they show is what the code gives today."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

from equipoise.errors import EquipoiseError

if TYPE_CHECKING:
    import nbformat

TIMEOUT = 300
_COLOURS = 256
_COLOUR_CODE = re.compile(r"\x1b\[[0-9;]*m")


def run_notebook(path: Path) -> nbformat.NotebookNode:
    """Execute a notebook in its own folder and return it with fresh outputs.

    Parameters
    ----------
    path
        The notebook; the file itself is left as it is.

    Returns
    -------
    NotebookNode
        Byte for byte the same on every run: no times are recorded.

    Raises
    ------
    EquipoiseError
        If the notebook libraries are not installed, or a cell raises.
    """
    try:
        import nbclient
        import nbformat
    except ImportError as error:
        raise EquipoiseError(
            "Running notebooks needs the notebook libraries. Fix: install equipoise[notebooks], "
            "or build with --no-notebooks."
        ) from error
    try:
        notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except nbformat.reader.NotJSONError as error:
        raise EquipoiseError(f"{path.name} is not a notebook. Fix: save it again.") from error
    client = nbclient.NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,  # what a cell prints comes in pieces, and not always in the same
        # Kernels warn of a port without encryption; theirs is of this machine, for these seconds.
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except nbclient.exceptions.CellExecutionError as error:
        message = _COLOUR_CODE.sub("", str(error))
        raise EquipoiseError(f"{path.name} stopped at a cell:\n{message}") from error
    except (TimeoutError, nbclient.exceptions.DeadKernelError) as error:
        raise EquipoiseError(f"{path.name} did not come to its end: {error}") from error
    notebook.metadata.pop("widgets", None)
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        if "image/png" in output.get("data", {}):
            output.data["image/png"] = _with_palette(output.data["image/png"])
    return notebook


def _with_palette(png: str) -> str:
    """Store a picture in few colours: flat drawings look the same at a third of the size."""
    from PIL import Image

    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    small = io.BytesIO()
    picture.quantize(_COLOURS).save(small, "png", optimize=True)
    return base64.b64encode(small.getvalue()).decode("ascii")


def write_notebook(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write a notebook the way it is committed."""
    import nbformat

    text = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")
