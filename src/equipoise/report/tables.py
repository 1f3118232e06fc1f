"""The tables of a build, each as CSV for programs, HTML and Markdown for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from equipoise.appraisal.reading import caveat_table, readable
from equipoise.appraisal.reported_numbers import reported_numbers
from equipoise.appraisal.summary import Summary, summarize_all
from equipoise.appraisal.summary_of_findings import by_importance, findings_of, unplanned
from equipoise.appraisal.swim import swim_checklist
from equipoise.display import html, markdown
from equipoise.display.csvtext import write_csv
from equipoise.evidence.base import Evidence


def write_tables(
    evidence: Evidence, summaries: Sequence[Summary], audit: pd.DataFrame, folder: Path
) -> None:
    """Write every table of one evidence base into `folder`."""
    folder.mkdir()
    shown = {
        **(_answer_tables(summaries) if summaries else {}),
        **(_pooled_table(summaries) if any(s.pooled for s in summaries) else {}),
        "claims": (_claims_caption(audit), _claims(audit)),
        "reported_numbers": ("Do the reported numbers add up?", _reported(evidence)),
        "swim_checklist": (
            "Synthesis without meta-analysis: the checklist",
            _swim(evidence, summaries),
        ),
        **_evidence_tables(evidence),
    }
    _write_findings(evidence, summaries, audit, folder)
    # Numbers to go on with: their CSV is not the rounded table for readers.
    unrounded = {"comparisons": _comparisons(summaries), "pooled": _pooled(summaries)}
    for name, (caption, frame) in shown.items():
        write_csv(unrounded.get(name, frame), folder / f"{name}.csv")
        text = frame.astype("str")
        (folder / f"{name}.html").write_text(_page(caption, text), encoding="utf-8", newline="\n")
        (folder / f"{name}.md").write_text(
            f"# {caption}\n\n{markdown.table(text)}", encoding="utf-8", newline="\n"
        )


def _write_findings(
    evidence: Evidence, summaries: Sequence[Summary], audit: pd.DataFrame, folder: Path
) -> None:
    """Write the summary of findings, which has footnotes beside its table."""
    names = unplanned(evidence)
    others = summarize_all(evidence, names, audit=audit) if names else ()
    found = findings_of(evidence, by_importance(summaries, others))
    write_csv(found.table, folder / "summary_of_findings.csv")
    page = found.to_html(page=True)
    (folder / "summary_of_findings.html").write_text(page, encoding="utf-8", newline="\n")
    (folder / "summary_of_findings.md").write_text(
        found.to_markdown(), encoding="utf-8", newline="\n"
    )
    if find_spec("docx"):
        (folder / "summary_of_findings.docx").write_bytes(found.to_docx())


def _answer_tables(summaries: Sequence[Summary]) -> dict[str, tuple[str, pd.DataFrame]]:
    return {
        "answers": ("The answers, in a sentence each", _answers(summaries)),
        "comparisons": ("Every comparison", _stack(summaries, "comparisons")),
        "caveats": ("What the evidence cannot show", _stack(summaries, "caveats")),
    }


def _pooled_table(summaries: Sequence[Summary]) -> dict[str, tuple[str, pd.DataFrame]]:
    rows = [
        {"Outcome": s.outcome["label"], **dict(s.pooled_lines())} for s in summaries if s.pooled
    ]
    return {"pooled": ("What the studies show together", pd.DataFrame(rows).fillna(""))}


def _pooled(summaries: Sequence[Summary]) -> pd.DataFrame:
    """Every pooled estimate, on the analysis scale and, as `natural_`, on that of readers."""
    rows = [
        {
            "analysis": s.id,
            "measure": s.measure,
            **s.pooled.to_frame().to_dict("records")[0],
            **{f"natural_{name}": x for name, x in asdict(s.pooled.natural()).items()},
        }
        for s in summaries
        if s.pooled
    ]
    return pd.DataFrame(rows)


def _comparisons(summaries: Sequence[Summary]) -> pd.DataFrame:
    """Every comparison of every analysis."""
    parts = [s.frame.assign(analysis=s.id)[["analysis", *s.frame.columns]] for s in summaries]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _answers(summaries: Sequence[Summary]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Outcome": s.outcome["label"],
                "Answer": s.sentence,
                "Certainty": f"{s.certainty.symbol} {s.certainty.level}" if s.certainty else "none",
                **dict(s.pooled_lines()),
                "Caveats": ", ".join(dict.fromkeys(caveat.code for caveat in s.caveats)),
            }
            for s in summaries
        ]
    ).fillna("")


def _stack(summaries: Sequence[Summary], what: str) -> pd.DataFrame:
    parts = []
    for s in summaries:
        part = readable(s.frame, s.outcome) if what == "comparisons" else caveat_table(s.caveats)
        part.insert(0, "Outcome", s.outcome["label"])
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _claims_caption(audit: pd.DataFrame) -> str:
    return "What is said, checked" if len(audit) else "What is said, checked: no claims"


def _claims(audit: pd.DataFrame) -> pd.DataFrame:
    names = {
        "claim": "Claim",
        "source_id": "Said by",
        "stated": "Stated",
        "recomputed": "What the evidence gives",
        "verdict": "Verdict",
        "reason": "Why",
        "could_say": "What could be said instead",
        "studies": "Studies",
        "evidence_source_id": "Read in",
    }
    return audit[list(names)].rename(columns=names)


def _reported(evidence: Evidence) -> pd.DataFrame:
    names = {
        "study": "Study",
        "check": "Number",
        "reported": "Reported",
        "recomputed": "What follows from the rest",
        "verdict": "Verdict",
        "sentence": "Why",
        "file": "File",
        "row": "Row",
    }
    return reported_numbers(evidence)[list(names)].rename(columns=names)


def _swim(evidence: Evidence, summaries: Sequence[Summary]) -> pd.DataFrame:
    names = {
        "item": "Item",
        "title": "Title",
        "to_report": "What to report",
        "says": "What this review says",
        "source": "Where that stands",
    }
    return swim_checklist(evidence, summaries)[list(names)].rename(columns=names)


def _evidence_tables(evidence: Evidence) -> dict[str, tuple[str, pd.DataFrame]]:
    """Tables of the base as they were written, `NR` and all, without columns nobody filled."""
    captions = {
        "studies": "The studies",
        "sources": "Where everything was read",
        "safety": "Precautions and reported harms",
        "guidance": "What the sources advise",
        "context": "Numbers that help to read the answers",
    }
    return {
        name: (caption, frame.loc[:, (frame != "").any()])
        for name, caption in captions.items()
        if len(frame := evidence.cells[name])
    }


def _page(caption: str, frame: pd.DataFrame) -> str:
    return html.render(
        "page.html",
        body="table.html",
        title=caption,
        caption=caption,
        columns=list(frame.columns),
        rows=frame.to_numpy().tolist(),
    )
