"""Risk of bias as tables: who judged what of each study, and how much of the weight it concerns."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from equipoise.appraisal.bias_assessment import assessments
from equipoise.errors import UsageError
from equipoise.evidence.bias_tools import OVERALL, BiasTool, bias_tool

if TYPE_CHECKING:
    from equipoise.evidence.base import Evidence

NOT_JUDGED = "not judged"
"""The share of a summary that nobody has judged."""

_RESULT = ("study_id", "label", "outcome_id", "tool")
_WHOLE = ("overall", "proposed", "overall_basis", "remark")


def bias_table(evidence: Evidence, outcome: str | None = None) -> pd.DataFrame:
    """Return the risk of bias that people judged, one row a result and tool.

    Parameters
    ----------
    evidence
        An evidence base with a table risk_of_bias.csv; without one the result has no rows.
    outcome
        An `outcome_id`; None for all of them.

    Returns
    -------
    DataFrame
        study_id, label, outcome_id, tool; a column for each domain, D1 and so on, whose meaning
        stands in `bias_tool(tool).domains`; then

        - overall: a person's judgement, else the one that the tool's rule proposes;
        - proposed: what the rule proposes from the domains;
        - overall_basis: judged, proposed or none;
        - remark: that the two differ, what a person must still decide, or why there is none.

        A cell is empty where nobody judged, and where the tool has no such domain.

    Raises
    ------
    UsageError
        If there is no such outcome.
    """
    if outcome is not None:
        evidence.outcome(outcome)
    labels = {row["study_id"]: row["label"] for row in evidence.records["studies"]}
    made = assessments(
        row for row in evidence.records["risk_of_bias"] if outcome in (None, row["outcome_id"])
    )
    rows = [
        {
            "study_id": result.study_id,
            "label": labels[result.study_id],
            "outcome_id": result.outcome_id,
            **result.cells(),
        }
        for result in made
    ]
    # Domains of bias before those of applicability, which only some tools have.
    domains = sorted(
        {domain.id: domain.kind for result in made for domain in result.tool.domains}.items(),
        key=lambda item: item[1] != "bias",
    )
    columns = [*_RESULT, *(name for name, _ in domains), *_WHOLE]
    return pd.DataFrame(rows, columns=columns, dtype="str").fillna("")


def bias_summary(
    table: pd.DataFrame, weights: Mapping[str, float] | pd.Series | None = None
) -> pd.DataFrame:
    """Return how much of the evidence each domain's judgements concern.

    The share of a judgement is the weight of the studies judged so, over that of all studies.

    Parameters
    ----------
    table
        Judgements made with one tool, from `bias_table` or `read_robvis`.
    weights
        Weight by the study's label, in any unit: those of a pooled estimate are
        `dict(zip(pooled.labels, pooled.weights))`. Studies with a weight but without a row in
        the table count as not judged. None lets every row count the same.

    Returns
    -------
    DataFrame
        One row a domain and judgement: tool, domain (its id, or overall), name, judgement (a word
        of the tool, or "not judged"), studies (how many), share (0 to 1). The shares of a domain
        add up to 1. There is no overall row where there is no overall judgement.

    Raises
    ------
    UsageError
        If the table holds no judgements or those of several tools, or if a study has no weight,
        several rows, or a weight that is no finite number from 0 up.
    """
    tool = one_tool(table)
    mine, others = _weigh([str(label) for label in table["label"]], weights)
    domains = {domain.id: domain.name for domain in tool.domains}
    if (table["overall"] != "").any():
        domains[OVERALL] = OVERALL
    total = math.fsum([*mine, *others])
    rows = []
    for domain, name in domains.items():
        judged = list(table[domain])
        for word in (*tool.words, NOT_JUDGED):
            here = [w for w, cell in zip(mine, judged, strict=True) if (cell or NOT_JUDGED) == word]
            here += others if word == NOT_JUDGED else []
            rows.append((tool.name, domain, name, word, len(here), math.fsum(here) / total))
    columns = ["tool", "domain", "name", "judgement", "studies", "share"]
    return pd.DataFrame(rows, columns=columns)


def unjudged(evidence: Evidence, outcome: str | None = None) -> tuple[str, ...]:
    """Return the labels of the studies with numbers of which nobody judged the risk of bias.

    Parameters
    ----------
    evidence
        An evidence base.
    outcome
        An `outcome_id`; None for all of them. Studies of related treatments do not count.

    Raises
    ------
    UsageError
        If there is no such outcome.
    """
    judged = set(bias_table(evidence, outcome)["study_id"])
    rows = evidence.coverage()
    mine = rows[rows["reported"] & (rows["directness"] == "direct")]
    if outcome is not None:
        mine = mine[mine["outcome_id"] == outcome]
    return tuple(dict.fromkeys(mine.loc[~mine["study_id"].isin(judged), "label"]))


def one_tool(table: pd.DataFrame) -> BiasTool:
    """Return the tool that every row of a table of judgements was made with.

    Raises
    ------
    UsageError
        If there are no judgements, several tools, or cells that are no words of the tool.
    """
    names = list(dict.fromkeys(table["tool"])) if "tool" in table.columns else []
    if not names:
        raise UsageError("the table holds no judgements of risk of bias")
    if len(names) > 1:
        first = f'table[table["tool"] == "{names[0]}"]'
        raise UsageError(f"the table holds {' and '.join(names)}: take one tool, as in {first}")
    tool = bias_tool(names[0])
    wanted = ["label", *(domain.id for domain in tool.domains), "overall"]
    if absent := [name for name in wanted if name not in table.columns]:
        raise UsageError(f"the table has no column {', '.join(absent)}, as {tool.name} needs")
    for name in wanted[1:]:
        for word in dict.fromkeys(table[name]):
            if word != "":
                tool.judgement(str(word))
    return tool


def _weigh(
    labels: list[str], weights: Mapping[str, float] | pd.Series | None
) -> tuple[list[float], list[float]]:
    """The weight of every row, and the weights of the studies without a row."""
    if weights is None:
        return [1.0] * len(labels), []
    given = {str(label): float(weight) for label, weight in dict(weights).items()}
    problems = [f"{label} has several rows" for label in labels if labels.count(label) > 1]
    problems += [f"{label} has no weight" for label in labels if label not in given]
    problems += [
        f"the weight of {label} is {weight:g}"
        for label, weight in given.items()
        if not (math.isfinite(weight) and weight >= 0)
    ]
    if problems:
        raise UsageError(
            f"{'; '.join(dict.fromkeys(problems))}: give every study one row, of one outcome, and "
            "a weight from 0 up"
        )
    if not math.fsum(given.values()):
        raise UsageError("the weights are all 0: leave them out to let every study count the same")
    return [given[label] for label in labels], [
        weight for label, weight in given.items() if label not in labels
    ]
