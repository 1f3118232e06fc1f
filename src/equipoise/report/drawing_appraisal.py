"""The figures of a plan that show how the evidence was found and judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
from matplotlib.axes import Axes

from equipoise import figures
from equipoise.appraisal.effect_directions import effect_directions
from equipoise.appraisal.risk_of_bias import bias_summary, bias_table, unjudged
from equipoise.appraisal.summary import Summary
from equipoise.evidence.base import Evidence


def appraisal_kinds(
    evidence: Evidence, chosen: Sequence[Summary], title: str
) -> dict[str, Callable[[], Axes]]:
    """Return how each of these kinds of figure is drawn.

    Parameters
    ----------
    evidence
        The evidence base.
    chosen
        The analyses that the plan names; none means the whole base.
    title
        The title.
    """
    outcome = str(chosen[0].outcome["outcome_id"]) if chosen else None
    ids = [one.id for one in chosen] or None
    return {
        "traffic_lights": lambda: figures.traffic_lights(
            bias_table(evidence, outcome), unjudged=unjudged(evidence, outcome), title=title
        ),
        "bias_bars": lambda: figures.bias_bars(_summaries(evidence, chosen), title=title),
        "prisma_flow": lambda: figures.prisma_flow(evidence.table("screening"), title=title),
        "effect_direction": lambda: figures.effect_direction(
            effect_directions(evidence, ids), title=title
        ),
        "harvest": lambda: figures.harvest(
            effect_directions(evidence, ids), bias_table(evidence), title=title
        ),
    }


def _summaries(evidence: Evidence, chosen: Sequence[Summary]) -> pd.DataFrame:
    """One summary a tool; weighted as the analysis weighs its studies, if it combines them."""
    outcome = str(chosen[0].outcome["outcome_id"]) if chosen else None
    table = bias_table(evidence, outcome)
    made = [
        bias_summary(mine, _weights(mine, chosen)) for _, mine in table.groupby("tool", sort=False)
    ]
    columns = ["tool", "domain", "name", "judgement", "studies", "share"]
    return pd.concat(made) if made else pd.DataFrame(columns=columns)


def _weights(judged: pd.DataFrame, chosen: Sequence[Summary]) -> dict[str, float] | None:
    """Weight by label; None where nothing is combined. What is not combined weighs nothing."""
    if not chosen or chosen[0].together is None:
        return None
    weighed = chosen[0].frame.dropna(subset=["weight"]).groupby("label")["weight"].sum()
    return {**dict.fromkeys(judged["label"], 0.0), **weighed.to_dict()}
