"""The tools that risk of bias is judged with: their domains and words, read from `tools/*.toml`.

A tool is added or changed in its file and nowhere besides: the check, the data dictionary, the
proposed overall judgements, and the files exchanged with robvis all follow it.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from equipoise.errors import UsageError

OVERALL = "overall"
"""What stands in the domain column for the judgement of the whole result."""

_FILES = ("rob2", "robins_i", "robins_e", "quadas_2", "quips", "rob1")


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasJudgement:
    """One word that a tool judges in.

    Attributes
    ----------
    word
        As risk_of_bias.csv writes it.
    letter, symbol
        Short forms, for figures and their legends.
    colour
        What figures paint it, as Cochrane's traffic lights do; never without letter and symbol.
    severity
        Place in the tool's order, the best being 0.
    unknown
        Whether it says that there was nothing to judge by.
    adds_up
        Whether several domains judged so may add up to the next worse judgement of the whole.
    asks
        What a person must still decide where this is the worst judgement of a domain.
    lowers
        Levels of certainty that it takes off as an overall judgement; None where the tool is not
        about effects of interventions or exposures. See `appraisal.bias_assessment.lowers`.
    robvis
        What robvis calls it.
    aliases
        How else files made for robvis write it.
    """

    word: str
    letter: str
    symbol: str
    colour: str
    severity: int
    unknown: bool = False
    adds_up: bool = False
    asks: str = ""
    lowers: int | None = None
    robvis: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasDomain:
    """One domain that a tool judges.

    Attributes
    ----------
    id
        D1, D2 and so on in the tool's order; A1 and so on for applicability. The columns of tables
        and figures.
    name
        As risk_of_bias.csv writes it.
    full_name
        As a legend spells it out.
    kind
        Whether it is about bias, or about how well the study fits the question.
    robvis
        The column that robvis keeps it in.
    """

    id: str
    name: str
    full_name: str
    kind: Literal["bias", "applicability"] = "bias"
    robvis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasTool:
    """A tool to judge risk of bias with.

    Attributes
    ----------
    name
        As risk_of_bias.csv writes it.
    title, version, reference, doi
        What the tool is called in full, which version this is, and where it was published.
    assesses
        What one assessment is about.
    rule
        How an overall judgement follows: the worst domain, or not at all.
    binding
        Whether the tool forbids an overall judgement less severe than its worst domain.
    rule_source
        Where the rule is written down.
    why_none
        Why no overall judgement is proposed; empty where one is.
    domains
        In the tool's order.
    judgements
        From the best to the worst.
    """

    name: str
    title: str
    version: str
    assesses: str
    reference: str
    doi: str
    rule: Literal["worst", "none"]
    binding: bool
    rule_source: str
    why_none: str
    domains: tuple[BiasDomain, ...]
    judgements: tuple[BiasJudgement, ...]

    @property
    def bias_domains(self) -> tuple[BiasDomain, ...]:
        """The domains that an overall judgement is made of."""
        return tuple(domain for domain in self.domains if domain.kind == "bias")

    @property
    def words(self) -> tuple[str, ...]:
        """What a domain may be judged to be, from the best to the worst."""
        return tuple(judgement.word for judgement in self.judgements)

    @property
    def domain_names(self) -> dict[str, str]:
        """The name of each domain, by everything that it is called."""
        return {
            called: domain.name
            for domain in self.domains
            for called in (domain.name, domain.id, domain.full_name)
        }

    def domain(self, name: str) -> BiasDomain:
        """Return the domain of this name or id.

        Raises
        ------
        UsageError
            If the tool has no such domain.
        """
        for domain in self.domains:
            if name in (domain.name, domain.id):
                return domain
        raise UsageError(
            f"{name!r} is not a domain of {self.name}: {instead(name, self.domain_names)}."
        )

    def judgement(self, word: str) -> BiasJudgement:
        """Return the judgement of this word.

        Raises
        ------
        UsageError
            If the tool has no such word.
        """
        for judgement in self.judgements:
            if judgement.word == word:
                return judgement
        raise UsageError(
            f"{word!r} is not a judgement of {self.name}: {instead(word, self.words)}."
        )


def bias_tools() -> tuple[BiasTool, ...]:
    """Return every tool that risk of bias can be judged with.

    Returns
    -------
    tuple of BiasTool
        RoB 2, ROBINS-I, ROBINS-E, QUADAS-2, QUIPS, and the older Cochrane tool.
    """
    return _read_tools()


def bias_tool(name: str) -> BiasTool:
    """Return the tool of this name.

    Parameters
    ----------
    name
        As risk_of_bias.csv or robvis writes it; capitals, spaces and hyphens make no difference.

    Returns
    -------
    BiasTool
        Its domains, its words, and how an overall judgement follows from them.

    Raises
    ------
    UsageError
        If there is no such tool.
    """
    for tool in _read_tools():
        if plain(tool.name).replace(" ", "") == plain(name).replace(" ", ""):
            return tool
    names = [tool.name for tool in _read_tools()]
    raise UsageError(f"There is no risk-of-bias tool {name!r}: {instead(name, names)}.")


def plain(text: str) -> str:
    """Return lower-case words separated by single spaces, whatever separated them before."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def instead(text: str, allowed: Mapping[str, str] | Iterable[str]) -> str:
    """Return what to write instead of `text`: the closest of the allowed words, and all of them.

    Parameters
    ----------
    text
        What stands there now.
    allowed
        The words, or what to write by what may have been meant.
    """
    meant = allowed if isinstance(allowed, Mapping) else {word: word for word in allowed}
    by_plain = {plain(word): right for word, right in meant.items()}
    every = ", ".join(dict.fromkeys(meant.values()))
    close = difflib.get_close_matches(plain(text), by_plain, n=1)
    return f"write {by_plain[close[0]]} (one of {every})" if close else f"write one of {every}"


@cache
def _read_tools() -> tuple[BiasTool, ...]:
    folder = files("equipoise.evidence") / "tools"
    return tuple(
        _tool(tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")))
        for name in _FILES
    )


def _tool(written: dict[str, Any]) -> BiasTool:
    overall = written.pop("overall")
    domains = tuple(BiasDomain(**{"robvis": row["id"], **row}) for row in written.pop("domains"))
    judgements = tuple(
        BiasJudgement(
            **{
                "robvis": row["word"].capitalize(),
                **row,
                "severity": severity,
                "aliases": tuple(row.get("aliases", ())),
            }
        )
        for severity, row in enumerate(written.pop("judgements"))
    )
    return BiasTool(
        **written,
        rule=overall["rule"],
        binding=overall.get("binding", False),
        rule_source=overall["source"],
        why_none=overall.get("why_none", ""),
        domains=domains,
        judgements=judgements,
    )
