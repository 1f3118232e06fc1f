"""`build`: one evidence base in, a folder of figures, tables, results and notebooks out."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from equipoise.errors import UsageError
from equipoise.evidence.base import Evidence
from equipoise.evidence.load import load_evidence
from equipoise.report.helper import helped
from equipoise.report.manifest import NAME as MANIFEST
from equipoise.report.manifest import write_manifest

Progress = Callable[[str], None]
_ABANDONED = 3600


def build(
    folder: str | Path,
    output: str | Path = "build",
    *,
    notebooks: bool = True,
    progress: Progress | None = None,
) -> Path:
    """Make every figure, table and notebook of an evidence base.

    The new build is made beside the old one and takes its place when it is complete: if anything
    goes wrong, the old build stays as it was. Two builds of the same evidence with the same
    versions have the same bytes.

    Parameters
    ----------
    folder
        An evidence base.
    output
        Where builds go; this one becomes ``output/<name of folder>``.
    notebooks
        Whether to run the notebooks that the plan names. They are looked for in the `notebooks`
        folder beside the folder that holds the base.
    progress
        Called with one line before each step.

    Returns
    -------
    Path
        The folder of the build.

    Raises
    ------
    EvidenceError
        If the evidence has problems; nothing is built then.
    UsageError
        If a planned notebook is not there, or `output` holds something that is not a build.
    """
    source = Path(folder).resolve()
    say = progress or (lambda _: None)
    say(f"reading {source.name}")
    evidence = load_evidence(source)
    names = evidence.review.notebooks if notebooks else ()
    papers = [_find_notebook(source, name) for name in names]
    target = Path(output).resolve() / source.name
    with _swapped_in(target) as fresh:
        _write_numbers(evidence, fresh, say)
        _write_notebooks(papers, fresh, say)
        write_manifest(fresh, source)
    return target


def _write_numbers(evidence: Evidence, fresh: Path, say: Progress) -> None:
    pictures = fresh / "figures"
    pictures.mkdir()
    with helped(evidence, pictures):
        # What is heavy to load is loaded here, while the helper loads it too.
        from equipoise.appraisal.claim_judging import judge_claims
        from equipoise.appraisal.claims import with_fair_sentences
        from equipoise.appraisal.summary import summarize_all
        from equipoise.report.claims import claims_jsonld
        from equipoise.report.drawing import draw_all
        from equipoise.report.results import write_results
        from equipoise.report.tables import write_tables

        say("auditing the claims, summarizing the outcomes")
        judged = judge_claims(evidence)
        summaries = summarize_all(evidence, audit=judged)
        audit = with_fair_sentences(evidence, judged, summaries)
        say("tables")
        write_tables(evidence, summaries, audit, fresh / "tables")
        write_results(evidence, summaries, audit, fresh / "results.json")
        reviews = claims_jsonld(evidence, audit)
        (fresh / "claims.jsonld").write_text(f"{reviews}\n", encoding="utf-8", newline="\n")
        draw_all(evidence, summaries, judged, pictures, say)  # as the helper does


def _write_notebooks(papers: list[Path], fresh: Path, say: Progress) -> None:
    from equipoise.report.notebooks import run_notebook, write_notebook

    if papers:
        (fresh / "notebooks").mkdir()
    for number, path in enumerate(papers, start=1):
        say(f"notebook {number}/{len(papers)} {path.name}")
        write_notebook(run_notebook(path), fresh / "notebooks" / path.name)


def _find_notebook(source: Path, name: str) -> Path:
    path = source.parent.parent / "notebooks" / name
    if Path(name).name != name or not path.is_file():
        raise UsageError(
            f"{source.name}/review.toml plans the notebook {name!r}, which is not in "
            f"{path.parent}. Fix: put it there, take it out of notebooks, or build with "
            "--no-notebooks."
        )
    return path


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _sweep(target: Path) -> None:
    """Remove what builds that were killed left beside the target; a build takes no hour."""
    for left in target.parent.glob(f".{target.name}-*"):
        if time.time() - left.stat().st_mtime > _ABANDONED:
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _swapped_in(target: Path) -> Iterator[Path]:
    """Give an empty folder beside `target` that takes its place if all goes well."""
    mine = not target.exists() or (target / MANIFEST).is_file() or _is_empty(target)
    if not mine:
        raise UsageError(
            f"{target} is not a build of equipoise (it has no {MANIFEST}), so it was left alone. "
            "Fix: choose another output folder."
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as beside:
        fresh, old = Path(beside) / "new", Path(beside) / "old"
        fresh.mkdir()
        yield fresh
        if target.exists():
            target.rename(old)
        try:
            fresh.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
