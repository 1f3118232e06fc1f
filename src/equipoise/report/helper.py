"""A second process that draws figures while the first one works.

Drawing takes most of a build's time, and a process draws one figure at a time. The helper reads the
evidence for itself; each of the two takes the next figure that the other has not begun, which the
figure's own file tells. It starts before anything heavy is loaded here, so both load at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from equipoise.errors import EquipoiseError
from equipoise.evidence.base import Evidence

_WORTH_SHARING = 4
_DRAWS = "equipoise.report.drawing"


@contextmanager
def helped(evidence: Evidence, folder: Path) -> Iterator[None]:
    """Have a second process draw figures into `folder` meanwhile, and wait for it at the end.

    Raises
    ------
    EquipoiseError
        If the second process fails.
    """
    if len(evidence.review.figures) < _WORTH_SHARING or (os.cpu_count() or 1) == 1:
        yield
        return
    command = [sys.executable, "-m", _DRAWS, str(evidence.path), str(folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 ours
        try:
            yield
        except BaseException:
            process.kill()
            raise
        _, complaint = process.communicate()
    if process.returncode:
        raise EquipoiseError(f"Drawing the figures failed:\n{complaint.strip()}")
