"""Pages that are written from the code say what the code says."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def test_the_page_of_caveats_is_the_one_the_rules_give() -> None:
    written = (DOCS / "caveats.md").read_text(encoding="utf-8")
    page = runpy.run_path(str(DOCS / "write_caveats.py"))["page"]
    assert written == page(), "run make docs"
