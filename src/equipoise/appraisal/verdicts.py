"""The eight verdicts on a claim: what each means, when it is given, and how it is rated.

This table is the one place for them. ``python -m equipoise.appraisal.verdicts docs/claims.md``
writes it for readers.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from equipoise.appraisal.claim_finding import ABOUT
from equipoise.display import markdown, numbers

WORST_RATING, BEST_RATING = 1, 4
"""The ends of the scale on which verdicts are rated in ClaimReview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One verdict.

    Attributes
    ----------
    meaning
        What it says of a statement.
    given_when
        The rule by which it is given; see `STEPS` for the order.
    example
        A statement and what was found.
    rating
        How true that makes the statement, from 1 to 4; None if it is no judgement of truth.
    rated_so
        Why.
    """

    meaning: str
    given_when: str
    example: str
    rating: int | None
    rated_so: str


VERDICTS = {
    "accurate": Verdict(
        meaning="the evidence shows what is said",
        given_when="The number fits what a study reports, or the amount of evidence what was "
        "found; a cause, if one is claimed, rests on a randomised trial; nothing that a reader "
        "needs is left out.",
        example="“Half as many had surgery as with rest”: in a large trial 400 of 2,000 people "
        "against 800 of 2,000 at rest.",
        rating=4,
        rated_so="It is as said.",
    ),
    "accurate but incomplete": Verdict(
        meaning="the evidence shows it; what it rests on is left out",
        given_when="As above, but something is left out that changes how it reads: whom it was "
        "compared with, that nobody was, the rate of the other group, that the trial is small or "
        "the paper was not read. A statement without a number whose direction the strongest design "
        "shows leaves out how much. So does a harm that somebody had, and a precaution that other "
        "sources name.",
        example="“81% felt better”: 13 of 16 people did, with nobody beside them.",
        rating=3,
        rated_so="It is as said, and says less than a reader needs.",
    ),
    "overstated value": Verdict(
        meaning="the evidence gives less than is said",
        given_when="The number lies beyond everything that studies report, in the direction that "
        "makes more of it: a larger reduction, more of a good outcome, less of a bad one; of a "
        "harm, more.",
        example="“Half as many”: 21% against 39%, by whose rounding 44 to 48% fewer are possible.",
        rating=2,
        rated_so="Part of it is borne out, and it goes beyond that.",
    ),
    "overstated cause": Verdict(
        meaning="a cause is claimed where the design alone cannot show one",
        given_when="It says that the treatment brings the outcome about, and what it rests on is "
        "neither a randomised trial nor a change in people measured at once. That it may or can "
        "is no claim of a cause.",
        example="“It takes pain away”: in one group 13 of 16 people felt better.",
        rating=2,
        rated_so="What was seen may be as said; what brought it about was not shown.",
    ),
    "wrong population or time": Verdict(
        meaning="said of people or times that were not studied",
        given_when="The number or direction is right, but it speaks of everybody the review asks "
        "about where the people had something else, or of a time more than a tenth longer than "
        "the study looked ahead.",
        example="“In people with back pain”: the people studied had sciatica.",
        rating=2,
        rated_so="It is right of those who were studied, and it speaks of others.",
    ),
    "not in source": Verdict(
        meaning="what it appeals to does not say so, or was not found",
        given_when="The study it cites was read in full and has no such number or does not mention "
        "the outcome; or it appeals to a document that was looked for and not found, and nothing "
        "else bears it out.",
        example="“A review of 26 trials found”: no such review was found, and 6 trials were.",
        rating=None,
        rated_so="That a source does not say it does not make it wrong.",
    ),
    "contradicted": Verdict(
        meaning="the evidence says otherwise",
        given_when="The strongest design points the other way, or the number lies short of "
        "everything that studies report: it makes less of it. A number that cites no study and "
        "lies within the confidence interval of one is not contradicted.",
        example="“Fewer aches”: 800 of 2,000 people against 400 of 2,000, which is more.",
        rating=1,
        rated_so="It is not as said.",
    ),
    "not verifiable": Verdict(
        meaning="what is reported is too little to check it",
        given_when="No number was found for it, or none that can be checked: a percentage of "
        "nobody knows how many, a direction that the evidence leaves open, a paper that was not "
        "read, an outcome that nobody measured.",
        example="“74% had less pain”: 74% of an unreported number of people, nobody compared.",
        rating=None,
        rated_so="Unproven is not untrue.",
    ),
}
"""Every verdict by its name, from what the evidence bears to what it cannot."""

STEPS = (
    "What it says. A person has coded the statement in claims.csv, in our words: the outcome, the "
    "number, whom it speaks of, whether it claims a cause, and what it appeals to.",
    "How much evidence there is. A statement about that is compared with the studies found here.",
    "Precautions and harms of safety.csv are looked up in the other sources that name them.",
    "A statement about an outcome is held against the study whose paper it cites; if it cites "
    "none, against every study of the treatment, the strongest design first.",
    "Nothing to hold it against: “not in source” if the study it cites was read in full, or if "
    "what it appeals to was not found; else “not verifiable”.",
    "A percentage that a trial is said to have brought about: do its groups differ that way? "
    "“Contradicted” if it points the other way, “not verifiable” if that is open.",
    "A number: does it fit? Rounding is allowed for, of the statement as of the evidence, and "
    f"“about” allows {numbers.short(ABOUT)} percentage points. Beyond everything reported it is an "
    "“overstated value”, a smaller reduction than any is “accurate but incomplete”, a "
    "percentage short of everything “contradicted”, in between “not in source” or “not "
    "verifiable”.",
    "No number: can the strongest design show a cause, if one is claimed, and does it point the "
    "way the statement says? A harm that can happen is shown by one that did.",
    "Only if the number or direction is right, the rest is judged, in this order: the cause, the "
    "people and the time, and what is left out.",
)
"""How a claim is judged, in order; the first verdict that is reached is given."""

_INTRO = """\
# How claims are judged

*Written from the table in `src/equipoise/appraisal/verdicts.py` by `make dictionary`; edit that.*

`equipoise audit FOLDER` gives every statement in `claims.csv` a verdict, the number recomputed from
the evidence, the reason, and a sentence that could have been said instead. A verdict is about the
statement, not about whether the treatment helps, and nothing is called wrong that is merely
unproven.
"""

_RATINGS = f"""\
## Ratings for programs

`equipoise audit FOLDER --format jsonld` prints the audit as schema.org
[ClaimReview](https://schema.org/ClaimReview), and a build writes it to `claims.jsonld`. The verdict
is `reviewRating.alternateName`, the reason `ratingExplanation`, and `ratingValue` runs from
{WORST_RATING} (not as said) to {BEST_RATING} (as said); how far a statement goes too far is told in
words and not rated.

A verdict that is no judgement of truth has no `ratingValue`. Some publishers write −1 for it, but
[Google](https://developers.google.com/search/docs/appearance/structured-data/factcheck) wants a
`worstRating` of 1 or more, and whoever reads −1 as a number takes it for worse than false; of a
`reviewRating` it asks only the `alternateName`. It also asks for the `url` of a page that shows the
review, which `eq.claim_reviews(evidence, url=...)` adds.
"""


def page() -> str:
    """Return the table of verdicts, the order of judging and the ratings as Markdown."""
    rules = pd.DataFrame(
        {
            "Verdict": list(VERDICTS),
            "Meaning": [numbers.upper_first(v.meaning) for v in VERDICTS.values()],
            "Given when": [v.given_when for v in VERDICTS.values()],
            "Example": [v.example for v in VERDICTS.values()],
        }
    )
    ratings = pd.DataFrame(
        {
            "Verdict": list(VERDICTS),
            "Rating": [str(v.rating or "none") for v in VERDICTS.values()],
            "Because": [v.rated_so for v in VERDICTS.values()],
        }
    )
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(STEPS, start=1))
    return "\n".join(
        [
            _INTRO,
            f"## In this order\n\n{steps}\n",
            f"## The verdicts\n\n{markdown.table(rules)}",
            _RATINGS,
            markdown.table(ratings).rstrip("\n"),
            "",
        ]
    )


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8", newline="\n")
