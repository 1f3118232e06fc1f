"""The overall risk of bias that a tool's rule proposes, and what it leaves to a person."""

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.errors import UsageError
from equipoise.evidence.bias_tools import BiasDomain, BiasJudgement, BiasTool, bias_tool


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasProposal:
    """An overall judgement that a tool's rule proposes.

    Attributes
    ----------
    tool
        Name of the tool.
    judgement
        The tool's word; empty where its rule proposes none.
    reason
        The domains it follows from, or why there is none.
    to_decide
        What the rule leaves to a person; empty if nothing.
    """

    tool: str
    judgement: str
    reason: str
    to_decide: str = ""

    def __str__(self) -> str:
        said = f"{self.tool} proposes {self.judgement or 'no overall judgement'} ({self.reason})"
        return f"{said}; a person must decide {self.to_decide}" if self.to_decide else said


def propose_overall(tool: str | BiasTool, judgements: Mapping[str, str]) -> BiasProposal:
    """Propose the overall risk of bias of one result from the judgements of its domains.

    RoB 2, ROBINS-I, ROBINS-E and the older Cochrane tool (RoB1) take the worst domain:

    - RoB 2 is low if every domain is, high if one is, and otherwise of some concerns. Several
      domains of some concerns may add up to high, which a person must decide.
    - ROBINS-I is critical or serious if a domain is; if none is but one is without information, it
      is without information, provided that this domain is a key one; moderate or low otherwise.
      Several serious domains may add up to critical.
    - ROBINS-E is very high, high, of some concerns or low; several domains may add up likewise.
    - RoB1 counts key domains only, and which these are is for the review to say.

    QUADAS-2 and QUIPS have no such rule. Nothing is proposed before every domain is judged, unless
    one of them is as bad as the tool knows. Applicability does not count.

    Parameters
    ----------
    tool
        A tool, or the name of one.
    judgements
        The tool's word by domain, the domain by its name or id; an empty word is no judgement.

    Returns
    -------
    BiasProposal
        The judgement, the reason for it, and what a person must still decide.

    Raises
    ------
    UsageError
        If the tool has no such domain or word.

    References
    ----------
    RoB 2: Cochrane Handbook for Systematic Reviews of Interventions, version 6, table 8.2.b.
    ROBINS-I: Sterne JA et al. BMJ 2016;355:i4919, table 2, doi:10.1136/bmj.i4919.
    ROBINS-E: Higgins JPT et al. Environ Int 2024;186:108602, section 6,
    doi:10.1016/j.envint.2024.108602.
    RoB1: Cochrane Handbook for Systematic Reviews of Interventions, version 5.1, table 8.7.a.
    """
    tool = bias_tool(tool) if isinstance(tool, str) else tool
    given = _of_bias(tool, judgements)
    if tool.rule == "none":
        return BiasProposal(tool=tool.name, judgement="", reason=tool.why_none)
    absent = [domain.name for domain in tool.bias_domains if domain not in given]
    worst = max(given.values(), key=lambda judgement: judgement.severity, default=None)
    if worst is None or (absent and worst != tool.judgements[-1]):
        reason = f"not judged: {', '.join(absent)}"
        return BiasProposal(tool=tool.name, judgement="", reason=reason)
    where = [domain.name for domain, judgement in given.items() if judgement == worst]
    everywhere = len(where) == len(tool.bias_domains)
    return BiasProposal(
        tool=tool.name,
        judgement=worst.word,
        reason=f"{worst.word} in {'every domain' if everywhere else ', '.join(where)}",
        to_decide=_to_decide(tool, worst, len(where)),
    )


def least_severe(tool: BiasTool, judgements: Mapping[str, str]) -> BiasJudgement | None:
    """Return the least severe overall judgement that a tool allows; None if it allows any.

    A domain without information forbids nothing: whether it counts is for a person to say.

    Parameters
    ----------
    tool
        The tool.
    judgements
        The tool's word by domain; domains that nobody has judged may be absent.
    """
    known = [j for j in _of_bias(tool, judgements).values() if not j.unknown]
    return max(known, key=lambda j: j.severity, default=None) if tool.binding else None


def _of_bias(tool: BiasTool, judgements: Mapping[str, str]) -> dict[BiasDomain, BiasJudgement]:
    """The judgements that there are, by domain of bias, in the tool's order."""
    given: dict[BiasDomain, BiasJudgement] = {}
    for name, word in judgements.items():
        domain = tool.domain(name)
        if domain in given:
            raise UsageError(f"{domain.name} is judged twice, by its id and by its name: keep one.")
        if word:
            given[domain] = tool.judgement(word)
    return {domain: given[domain] for domain in tool.bias_domains if domain in given}


def _to_decide(tool: BiasTool, worst: BiasJudgement, domains: int) -> str:
    if worst.adds_up and domains > 1:
        worse = tool.judgements[worst.severity + 1].word
        return f"whether {domains} domains judged {worst.word} add up to {worse}"
    return worst.asks
