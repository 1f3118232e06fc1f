"""One result judged with one tool: its domains, and the overall judgement that counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from equipoise.evidence.bias_overall import BiasProposal, propose_overall
from equipoise.evidence.bias_tools import OVERALL, BiasTool, bias_tool
from equipoise.evidence.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasAssessment:
    """The risk of bias of one result, as judged with one tool.

    Attributes
    ----------
    study_id, outcome_id
        The result.
    tool
        The tool used.
    judgements
        The tool's word by id of the domain; a domain that nobody judged is absent.
    judged
        The overall judgement of a person; empty if nobody gave one.
    proposal
        What the tool's rule proposes from the domains.
    """

    study_id: str
    outcome_id: str
    tool: BiasTool
    judgements: Mapping[str, str]
    judged: str
    proposal: BiasProposal

    @property
    def overall(self) -> str:
        """The overall judgement that counts: a person's, else the proposed one, else empty."""
        return self.judged or self.proposal.judgement

    @property
    def overall_basis(self) -> str:
        """Where the overall judgement comes from: judged, proposed or none."""
        return "judged" if self.judged else "proposed" if self.overall else "none"

    @property
    def remark(self) -> str:
        """What a reader of the overall judgement must know; empty if nothing.

        That a person and the tool's rule disagree, what the rule leaves to a person, or why there
        is no overall judgement.
        """
        proposed, open_question = self.proposal.judgement, self.proposal.to_decide
        if not self.overall:
            return self.proposal.reason
        if not self.judged:
            return f"to decide: {open_question}" if open_question else ""
        if proposed in ("", self.judged):
            return ""
        left = f", and leaves open {open_question}" if open_question else ""
        return f"the tool's rule proposes {proposed} ({self.proposal.reason}){left}"

    @property
    def lowers(self) -> int | None:
        """Levels of certainty that the overall judgement takes off; None if that is not known."""
        return lowers(self.tool, self.overall) if self.overall else None

    def cells(self) -> Record:
        """Return the assessment as cells of a table, one for each domain of the tool."""
        return {
            "tool": self.tool.name,
            **{domain.id: self.judgements.get(domain.id, "") for domain in self.tool.domains},
            "overall": self.overall,
            "proposed": self.proposal.judgement,
            "overall_basis": self.overall_basis,
            "remark": self.remark,
        }


def assess(
    tool: BiasTool, words: Mapping[str, str], study_id: str, outcome_id: str = ""
) -> BiasAssessment:
    """Return the assessment of one result.

    Parameters
    ----------
    tool
        The tool used.
    words
        The tool's word by name or id of the domain, and a person's overall judgement as
        `overall`. An empty word is no judgement.
    study_id, outcome_id
        The result.

    Raises
    ------
    UsageError
        If the tool has no such domain or word.
    """
    domains = {name: word for name, word in words.items() if name != OVERALL}
    judged = words.get(OVERALL, "")
    return BiasAssessment(
        study_id=study_id,
        outcome_id=outcome_id,
        tool=tool,
        judgements={tool.domain(name).id: word for name, word in domains.items() if word},
        judged=tool.judgement(judged).word if judged else "",
        proposal=propose_overall(tool, domains),
    )


def assessments(rows: Iterable[Record]) -> tuple[BiasAssessment, ...]:
    """Return the assessments that rows of risk_of_bias.csv make up, in order of appearance.

    Parameters
    ----------
    rows
        One judgement each, with study_id, outcome_id (may be absent if there is only one), tool,
        domain and judgement.

    Raises
    ------
    UsageError
        If a tool, a domain or a word is unknown.
    """
    results: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in rows:
        result = (row["study_id"], row.get("outcome_id", ""), row["tool"])
        results.setdefault(result, {})[row["domain"]] = row["judgement"]
    return tuple(
        assess(bias_tool(tool), words, study, outcome)
        for (study, outcome, tool), words in results.items()
    )


def lowers(tool: BiasTool, word: str) -> int | None:
    """Return how many levels of certainty an overall judgement takes off one result.

    GRADE leaves this to people: serious limitations are one level and very serious ones two. The
    levels here, which a person's row in certainty.csv replaces, are the usual reading of it:

    ============  =====================================================================
    RoB 2         some concerns 0, high 1
    RoB1          unclear 0, high 1 (the Handbook lets each be one level more)
    ROBINS-I      moderate 0, serious 1, critical 2, no information 1 (as if not judged)
    ROBINS-E      some concerns 0, high 1, very high 2, by analogy
    ============  =====================================================================

    Those of ROBINS-I and ROBINS-E count from the low certainty that non-randomised studies start
    at. GRADE may also start them at high and let ROBINS-I take off up to three levels for what
    randomisation would have prevented; these levels are not made for that.

    QUADAS-2 and QUIPS are not about effects, and give None.

    Parameters
    ----------
    tool
        The tool used.
    word
        The tool's word.

    Raises
    ------
    UsageError
        If the tool has no such word.

    References
    ----------
    Guyatt GH et al. GRADE guidelines 4. J Clin Epidemiol 2011;64:407-415,
    doi:10.1016/j.jclinepi.2010.07.017.
    Schünemann HJ et al. GRADE guidelines 18. J Clin Epidemiol 2019;111:105-114,
    doi:10.1016/j.jclinepi.2018.01.012.
    Cochrane Handbook for Systematic Reviews of Interventions, version 5.1, table 12.2.d.
    """
    return tool.judgement(word).lowers
