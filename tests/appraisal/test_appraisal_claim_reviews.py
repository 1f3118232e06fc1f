"""The audit as schema.org ClaimReview: the right words, no rating of what is unproven."""

import json
from pathlib import Path

import pandas as pd
import pytest
from base_by_hand import write_base
from hypothesis import given
from hypothesis import strategies as st

import equipoise as eq
from equipoise.appraisal.verdicts import BEST_RATING, VERDICTS, WORST_RATING
from equipoise.report.claims import claims_jsonld

# The properties used, of those that schema.org gives each type, and those nobody can do without.
PROPERTIES = {
    "ClaimReview": {"@context", "url", "datePublished", "author", "claimReviewed", "itemReviewed",
                    "reviewRating", "reviewBody", "isBasedOn"},
    "Claim": {"text", "datePublished", "appearance"},
    "CreativeWork": {"name", "url", "datePublished"},
    "Rating": {"alternateName", "ratingValue", "bestRating", "worstRating", "ratingExplanation"},
    "Organization": {"name"},
}  # fmt: skip
REQUIRED = {
    "ClaimReview": {"@context", "claimReviewed", "reviewRating", "author", "datePublished"},
    "Rating": {"alternateName"},
    "Organization": {"name"},
    "CreativeWork": {"name"},
    "Claim": {"appearance", "text"},
}


@pytest.fixture(scope="module")
def reviews(evidence: eq.Evidence) -> list[dict[str, object]]:
    return eq.claim_reviews(evidence)


def check(node: object) -> None:
    """Every object has a known type, only its properties, and those it needs; none is empty."""
    if isinstance(node, list):
        assert node
        for part in node:
            check(part)
    elif isinstance(node, dict):
        kind = node["@type"]
        names = set(node) - {"@type"}
        assert REQUIRED[kind] <= names <= PROPERTIES[kind], (kind, names)
        for part in node.values():
            check(part)
    else:
        assert node not in ("", None, "NR")
        assert node == node  # noqa: PLR0124 not a number


def test_every_claim_is_reviewed_in_the_words_of_the_schema(
    evidence: eq.Evidence, reviews: list[dict[str, object]]
) -> None:
    claims = list(evidence.tables["claims"]["claim"])
    assert [review["claimReviewed"] for review in reviews] == claims
    for review in reviews:
        assert review["@context"] == "https://schema.org"
        assert review["@type"] == "ClaimReview"
        assert review["datePublished"] == evidence.review.updated
        assert review["author"] == {"@type": "Organization", "name": "the equipoise contributors"}
        assert "url" not in review
        check(review)


def test_ratings_are_those_of_the_table(evidence: eq.Evidence) -> None:
    audit = eq.audit_claims(evidence)
    for review, verdict in zip(eq.claim_reviews(evidence, audit), audit["verdict"], strict=True):
        rating = review["reviewRating"]
        assert isinstance(rating, dict)
        assert rating["alternateName"] == verdict
        if VERDICTS[verdict].rating is None:
            # neither false nor −1, which a program would read as less than false
            assert not {"ratingValue", "bestRating", "worstRating"} & set(rating)
            assert rating["ratingExplanation"].endswith("no judgement of whether it is true.")
        else:
            assert (rating["worstRating"], rating["bestRating"]) == (WORST_RATING, BEST_RATING)
            assert WORST_RATING <= rating["ratingValue"] <= BEST_RATING
            assert rating["ratingValue"] == VERDICTS[verdict].rating


def test_the_press_release_is_named_dated_and_linked(evidence: eq.Evidence) -> None:
    audit = eq.audit_claims(evidence)
    (review,) = eq.claim_reviews(evidence, audit[audit["claim_id"] == "release_surgery_halved"])
    claim = review["itemReviewed"]
    assert isinstance(claim, dict)
    assert claim["datePublished"] == "2021"
    appearance = claim["appearance"]
    assert appearance["name"].startswith("Teeter. Study shows inversion therapy")
    assert appearance["url"].startswith("https://www.prnewswire.com/")
    assert appearance["datePublished"] == "2021"
    assert review["isBasedOn"] == [
        {
            "@type": "CreativeWork",
            "name": "ChiroUp. 3 facts every DC must know about inversion therapy",
            "url": "https://chiroup.com/blog/3-facts-every-dc-must-know-about-inversion-therapy",
        }
    ]
    body = review["reviewBody"]
    assert isinstance(body, str)
    assert body.startswith("What the evidence gives: 46% less (44 to 48 by rounding)")
    assert "What could be said instead: The evidence is very uncertain" in body


def test_what_is_unknown_is_left_out(reviews: list[dict[str, object]]) -> None:
    """The article has no known year or address; who spoke is not coded at all."""
    claim = reviews[0]["itemReviewed"]
    assert isinstance(claim, dict)
    assert "datePublished" not in claim
    assert set(claim["appearance"]) == {"@type", "name"}
    assert "author" not in claim


def test_a_publisher_and_an_address(evidence: eq.Evidence) -> None:
    reviews = eq.claim_reviews(
        evidence, publisher="A hospital", url="https://example.org/audit#top"
    )
    assert reviews[0]["author"] == {"@type": "Organization", "name": "A hospital"}
    assert reviews[0]["url"] == "https://example.org/audit#article_surgery_halved"
    assert len({str(review["url"]) for review in reviews}) == len(reviews)
    check(reviews)


def test_wrong_input_is_named(evidence: eq.Evidence) -> None:
    audit = eq.audit_claims(evidence)
    with pytest.raises(eq.UsageError, match="no column could_say"):
        eq.claim_reviews(evidence, audit.drop(columns="could_say"))
    with pytest.raises(eq.UsageError, match="holds a_stranger, known to nobody"):
        eq.claim_reviews(evidence, audit.assign(source_id="a_stranger"))
    with pytest.raises(eq.UsageError, match="holds half right"):
        eq.claim_reviews(evidence, audit.assign(verdict="half right"))
    with pytest.raises(eq.UsageError, match="no name"):
        eq.claim_reviews(evidence, publisher=" ")
    for url in ("javascript:alert(1)", "example.org", "https://a b"):
        with pytest.raises(eq.UsageError, match="not a web address"):
            eq.claim_reviews(evidence, url=url)


def test_nothing_in_a_claim_ends_the_script(tmp_path: Path) -> None:
    claim = "</script><script>alert('1 & 2')</script> <!-- \u2028 it helps"
    base = write_base(tmp_path, [{"claim": claim.replace("\u2028", "")}])
    audit = eq.audit_claims(base).assign(claim=claim)
    text = claims_jsonld(base, audit)
    assert not set("<>&\u2028\u2029") & set(text)
    (review,) = json.loads(text)
    assert review["claimReviewed"] == claim


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> tuple[eq.Evidence, pd.DataFrame]:
    base = write_base(tmp_path_factory.mktemp("one"), [{"outcome_id": "surgery"}])
    return base, eq.audit_claims(base)


@given(text=st.text(min_size=1).filter(str.strip))
def test_any_claim_survives(one: tuple[eq.Evidence, pd.DataFrame], text: str) -> None:
    base, audit = one
    written = claims_jsonld(base, audit.assign(claim=text))
    assert not set("<>&") & set(written)
    assert json.loads(written)[0]["claimReviewed"] == text
