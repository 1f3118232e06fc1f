"""What must hold in risk_of_bias.csv: every judgement in the words of its tool."""

from collections.abc import Iterator, Sequence

from equipoise.errors import Problem
from equipoise.evidence.bias_overall import least_severe
from equipoise.evidence.bias_tools import OVERALL, BiasTool, bias_tool, instead
from equipoise.evidence.reading import Row


def check_bias(rows: Sequence[Row]) -> Iterator[Problem]:
    """Report what is wrong with judgements whose tool is known.

    Parameters
    ----------
    rows
        The rows of risk_of_bias.csv.

    Yields
    ------
    Problem
        Domains and words that the tool does not have, and overall judgements that it forbids.
    """
    results: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        if row.parsed["tool"]:
            result = (row.text["study_id"], row.text["outcome_id"], row.text["tool"])
            results.setdefault(result, []).append(row)
    for (_, _, name), judged in results.items():
        tool = bias_tool(name)
        wrong = [problem for row in judged for problem in _check_words(row, tool)]
        yield from wrong
        if not wrong:
            yield from _check_overall(judged, tool)


def _check_words(row: Row, tool: BiasTool) -> Iterator[Problem]:
    domain, word = row.parsed["domain"], row.parsed["judgement"]
    names = {**tool.domain_names, OVERALL: OVERALL}
    if domain is not None and domain not in names.values():
        what = f"is not a domain of {tool.name}"
        yield _say(row, "domain", what, instead(str(domain), names))
    if word is not None and word not in tool.words:
        what = f"is not a judgement of {tool.name}"
        yield _say(row, "judgement", what, instead(str(word), tool.words))


def _check_overall(rows: Sequence[Row], tool: BiasTool) -> Iterator[Problem]:
    """An overall judgement is at least as severe as the tool's rule makes it."""
    whole = [row for row in rows if row.parsed["domain"] and row.parsed["judgement"]]
    said = {row.text["domain"]: row for row in whole}
    overall = said.pop(OVERALL, None)
    words = {domain: row.text["judgement"] for domain, row in said.items()}
    least = least_severe(tool, words)
    if overall is None or least is None:
        return
    if tool.judgement(overall.text["judgement"]).severity < least.severity:
        where = ", ".join(domain for domain, word in words.items() if word == least.word)
        what = f"is less severe than {least.word} in {where}, which {tool.name} does not allow"
        fix = f"write {least.word} or worse, or correct the domain"
        yield _say(overall, "judgement", what, fix)


def _say(row: Row, column: str, what: str, fix: str) -> Problem:
    return Problem(
        file="risk_of_bias.csv",
        row=row.number,
        column=column,
        value=row.text[column],
        what=what,
        fix=fix,
    )
