"""Judgements of risk of bias made by hand, for the figures that show them."""

from collections.abc import Mapping

import pandas as pd

from equipoise.evidence.bias_tools import bias_tool

WHOLE = ("overall", "proposed", "overall_basis", "remark")


def judged(
    tool: str, words: Mapping[str, str], *, outcome: str = "pain", basis: str = "judged"
) -> pd.DataFrame:
    """Return rows as `bias_table` makes them, by label, from the letters of the tool.

    The last letter is the overall judgement, and the one that the rule proposes; "-" is none.
    """
    found = bias_tool(tool)
    by_letter = {judgement.letter: judgement.word for judgement in found.judgements} | {"-": ""}
    rows = []
    for label, letters in words.items():
        cells = [by_letter[letter] for letter in letters]
        whole = (cells[-1], cells[-1], basis if cells[-1] else "none", "")
        rows.append({
            "study_id": label.lower(), "label": label, "outcome_id": outcome, "tool": found.name,
            **{d.id: word for d, word in zip(found.domains, cells, strict=False)},
            **dict(zip(WHOLE, whole, strict=True)),
        })  # fmt: skip
        assert len(cells) == len(found.domains) + 1
    return pd.DataFrame(rows)


def many(tool: str, count: int) -> pd.DataFrame:
    """Return that many results, in which every judgement and none occur."""
    found = bias_tool(tool)
    letters = [*(judgement.letter for judgement in found.judgements), "-"]
    wide = len(found.domains)
    words = {
        f"Author {i} {1900 + i}": "".join(letters[(i + 2 * j) % len(letters)] for j in range(wide))
        + letters[i % (len(letters) - 1)]
        for i in range(count)
    }
    return judged(tool, words)
