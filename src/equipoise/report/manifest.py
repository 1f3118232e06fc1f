"""`manifest.json`: what a build was made from, with what, and the hash of every file in it."""

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path

from equipoise import __version__

NAME = "manifest.json"
_LIBRARIES = ("numpy", "pandas", "scipy", "matplotlib", "jinja2")


def write_manifest(folder: Path, evidence: Path) -> None:
    """Write the manifest of the build in `folder`, made from the base in `evidence`."""
    content = {
        "equipoise": __version__,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "evidence": _hashes(evidence),
        "files": _hashes(folder),
    }
    text = json.dumps(content, indent=1)
    (folder / NAME).write_text(text + "\n", encoding="utf-8", newline="\n")


def _hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != NAME
    }
