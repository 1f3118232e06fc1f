"""The summary-of-findings table: the answers to all outcomes on one page, with their certainty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

import pandas as pd

from equipoise.appraisal.absolute import AbsoluteRisks
from equipoise.appraisal.facts import known_total
from equipoise.appraisal.footnotes import footnotes
from equipoise.appraisal.reading import estimate_text
from equipoise.appraisal.summary import Summary, summarize_all
from equipoise.display import html, markdown, numbers
from equipoise.errors import UsageError
from equipoise.evidence.base import Evidence

PER = 1000
IMPORTANCE = ("critical", "important", "limited")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SummaryOfFindings:
    """One row an outcome: what happens without and with the treatment, and how sure that is.

    Attributes
    ----------
    title, question
        The review, and what it asks.
    frame
        Unrounded: analysis, outcome, importance, measure, estimate, low, high, interval,
        timepoint, people, risk_without, risk_without_is, risk_with, risk_low, risk_high, studies,
        certainty, symbol, statement, notes. Outcomes without any number are listed, with their
        statement.
    footnotes
        The letter and text of each note: why certainty was lowered or raised, and from what risk
        the row starts.
    table
        The frame as its readers want it: risks as people of 1000, all as text.
    """

    title: str
    question: str
    frame: pd.DataFrame
    footnotes: tuple[tuple[str, str], ...]
    table: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of `frame`."""
        return self.frame.copy()

    def to_html(self, *, page: bool = False) -> str:
        """Return the table and its footnotes as an HTML fragment, or as a page of its own."""
        body = "summary_of_findings.html"
        return html.render(
            "page.html" if page else body,
            body=body,
            title=f"{self.title}: summary of findings",
            caption=self.title,
            question=self.question,
            columns=list(self.table.columns),
            rows=self.table.to_numpy().tolist(),
            footnotes=self.footnotes,
        )

    def to_markdown(self) -> str:
        """Return the table and its footnotes as Markdown."""
        notes = [f"{letter}. {markdown.escape(text)}\n" for letter, text in self.footnotes]
        head = f"**{markdown.escape(self.title)}**. {markdown.escape(self.question)}"
        return "\n".join([head, "", markdown.table(self.table), *notes])

    def to_docx(self) -> bytes:
        """Return the table and its footnotes as a Word document.

        Raises
        ------
        UsageError
            If the extra `docx` is not installed.
        """
        from equipoise.display.word import document

        notes = [f"{letter}. {text}" for letter, text in self.footnotes]
        try:
            return document(self.title, self.question, self.table, notes)
        except ModuleNotFoundError as error:
            raise UsageError('to_docx needs the extra: pip install "equipoise[docx]"') from error

    def __str__(self) -> str:
        lines = [self.title, self.question, ""]
        for row in self.table.to_dict("records"):
            lines.append(str(row["Outcome"]))
            lines += [f"  {name}: {row[name]}" for name in _COLUMNS[1:] if row[name]]
        return "\n".join([*lines, "", *(f"{letter}. {text}" for letter, text in self.footnotes)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.to_html()


def summary_of_findings(
    evidence: Evidence, outcomes: Sequence[str] | None = None
) -> SummaryOfFindings:
    """Make the summary-of-findings table of an evidence base.

    Parameters
    ----------
    evidence
        An evidence base.
    outcomes
        Ids of analyses, or outcome_ids, in the order wanted; GRADE asks for seven at the most. By
        default every planned analysis, and outcomes that matter and that nobody gives a number
        for, the critical ones first.

    Returns
    -------
    SummaryOfFindings
        Risks per 1000 people without and with the treatment, the relative effect, people and
        studies, certainty with a footnote for each reason, and a plain statement.

    Raises
    ------
    UsageError
        If there is no such analysis or outcome.

    References
    ----------
    Guyatt GH et al. GRADE guidelines 12. J Clin Epidemiol 2013;66:158-172,
    doi:10.1016/j.jclinepi.2012.01.012.
    """
    if outcomes:
        return findings_of(evidence, summarize_all(evidence, list(outcomes)))
    planned = [analysis.id for analysis in evidence.plan]
    every = summarize_all(evidence, planned + unplanned(evidence))
    return findings_of(evidence, by_importance(every[: len(planned)], every[len(planned) :]))


def findings_of(evidence: Evidence, summaries: Sequence[Summary]) -> SummaryOfFindings:
    """Make the table of these summaries, in their order; see `summary_of_findings`."""
    letters: dict[str, str] = {}
    notes = [_lettered(footnotes(summary), letters) for summary in summaries]
    told = list(zip(summaries, notes, strict=True))
    question = evidence.review.question
    return SummaryOfFindings(
        title=evidence.review.title,
        question=f"{numbers.upper_first(question.intervention)} against {question.comparator} for "
        f"{question.population}",
        frame=pd.DataFrame([_row(*one) for one in told]),
        footnotes=tuple((letter, text) for text, letter in letters.items()),
        table=pd.DataFrame([_text(*one) for one in told], columns=list(_COLUMNS)),
    )


def unplanned(evidence: Evidence) -> list[str]:
    """Return the ids of the outcomes that matter and that the plan leaves out."""
    outcomes = evidence.tables["outcomes"]
    planned = {analysis.outcome for analysis in evidence.plan}
    matters = (outcomes["importance"] != IMPORTANCE[-1]) & ~outcomes["outcome_id"].isin(planned)
    return [str(name) for name in outcomes.loc[matters, "outcome_id"]]


def by_importance(planned: Sequence[Summary], others: Sequence[Summary]) -> list[Summary]:
    """Return what is planned, and others that nobody gives a number for, the critical first."""
    silent = [summary for summary in others if summary.leading is None]
    return sorted([*planned, *silent], key=_order)


def _order(summary: Summary) -> tuple[int, bool]:
    return IMPORTANCE.index(str(summary.outcome["importance"])), summary.leading is None


def _lettered(texts: Iterable[str], letters: dict[str, str]) -> str:
    """The letters of these notes; a new text gets the next one: a to z, then aa, ab, and on."""
    for text in texts:
        if text not in letters:
            more, last = divmod(len(letters), len(ascii_lowercase))
            letters[text] = (ascii_lowercase[more - 1] if more else "") + ascii_lowercase[last]
    return ", ".join(letters[text] for text in texts)


_OF_THE_ROW = ("measure", "estimate", "low", "high", "interval", "timepoint", "people")


def _row(summary: Summary, notes: str) -> dict[str, object]:
    leading, risks, certainty = summary.leading, summary.risks, summary.certainty
    return {
        "analysis": summary.id,
        "outcome": summary.outcome["label"],
        "importance": summary.outcome["importance"],
        **{name: leading[name] if leading else None for name in _OF_THE_ROW},
        "risk_without": risks.without if risks else None,
        "risk_without_is": risks.without_is if risks else "",
        "risk_with": risks.with_it if risks else None,
        "risk_low": risks.low if risks else None,
        "risk_high": risks.high if risks else None,
        "studies": _studies(summary),
        "certainty": certainty.level if certainty else "",
        "symbol": certainty.symbol if certainty else "",
        "statement": summary.statement,
        "notes": notes,
    }


def _studies(summary: Summary) -> int:
    return len(summary.together.rows) if summary.together else int(summary.leading is not None)


_COLUMNS = (
    "Outcome", f"Without it, of {PER:,}", f"With it, of {PER:,}", "Effect", "People (studies)",
    "Certainty", "In words",
)  # fmt: skip


def _text(summary: Summary, notes: str) -> dict[str, str]:
    leading, label = summary.leading, str(summary.outcome["label"])
    if leading is None or summary.certainty is None:
        empty = [""] * (len(_COLUMNS) - 2)
        return dict(zip(_COLUMNS, [label, *empty, summary.statement], strict=True))
    when = leading["timepoint"]
    when = "time not reported" if when == "NR" else numbers.lower_first(when)
    certainty = f"{summary.certainty.symbol} {summary.certainty.level}"
    studies = _studies(summary)
    cells = (
        f"{label}, {when}",
        *_of_1000(summary.risks, str(leading["interval"])),
        "" if leading["measure"] == "PR" else estimate_text(leading, str(summary.outcome["unit"])),
        f"{_how_many(summary)} ({studies} {'study' if studies == 1 else 'studies'})",
        certainty + (f" ({notes})" if notes else ""),
        summary.statement,
    )
    return dict(zip(_COLUMNS, cells, strict=True))


def _how_many(summary: Summary) -> str:
    """Return how many people the answer rests on, at least."""
    rows = summary.together.rows if summary.together else [summary.leading or {}]
    known, silent = known_total(rows, "people")
    if len(silent) == len(rows):
        return "not reported"
    return f"at least {numbers.count(known)}" if silent else numbers.count(known)


def _of_1000(risks: AbsoluteRisks | None, interval: str) -> tuple[str, str]:
    """Return the people without and with the treatment, of a thousand."""
    if risks is None:
        return "", ""
    without, with_it, low, high = (
        _people(risk) for risk in (risks.without, risks.with_it, risks.low, risks.high)
    )
    without = "not known" if without == numbers.MISSING else without
    if with_it == numbers.MISSING:
        return without, "not known"
    by = ", by rounding" if interval == "rounding" else ""
    known = numbers.MISSING not in (low, high)
    return without, f"{with_it} ({low} to {high}{by})" if known else with_it


def _people(risk: float) -> str:
    """People of a thousand; of rare things, with the decimals that keep them from being none."""
    many = PER * risk
    return numbers.plain(many, 2) if 0 < many < 1 else numbers.count(many)
