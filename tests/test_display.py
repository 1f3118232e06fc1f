"""Numbers as text, CSV that no spreadsheet runs, HTML and Markdown that show what is given."""

import math
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import equipoise as eq
from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.summary import Summary
from equipoise.display import csvtext, html, markdown, numbers

NAN, INF = math.nan, math.inf
HOSTILE = '<script>alert("1")</script>&amp;\'{{ 7 * 7 }}{% raw %}"onmouseover="x'


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(NAN, 2, "–"), (INF, 2, "∞"), (-INF, 2, "−∞"), (-0.0, 2, "0.00"), (-0.001, 2, "0.00"),
     (1e-9, 2, "0.00"), (0.995, 2, "0.99"), (0.996, 2, "1.00"), (-1.5, 1, "−1.5"), (12, 0, "12")],
)  # fmt: skip
def test_plain(value: float, digits: int, text: str) -> None:
    assert numbers.plain(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(NAN, "–"), (INF, "∞"), (-INF, "−∞"), (0.0, "0"), (-0.0, "0"), (12.0, "12"), (12.5, "12.5"),
     (0.1 + 0.2, "0.3"), (-7.9, "−7.9"), (1e-9, "0.000000001"), (1e15, "1000000000000000"),
     (1e-12, "0"), (-1e-12, "0"), (123456.75, "123456.75")],
)  # fmt: skip
def test_short(value: float, text: str) -> None:
    assert numbers.short(value) == text


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_number_is_shown_with_an_exponent_or_a_hyphen(value: float) -> None:
    for text in (numbers.short(value), numbers.plain(value), numbers.count(value)):
        assert not re.search(r"[e-]|nan|inf", text)
        assert text not in ("", "−0", "−0.00")


@pytest.mark.parametrize(
    ("value", "text"),
    [(NAN, "–"), (0.0, "0"), (24.0, "24"), (11166.0, "11,166"), (-3.0, "−3"), (INF, "∞")],
)
def test_count(value: float, text: str) -> None:
    assert numbers.count(value) == text


@pytest.mark.parametrize(
    ("share", "digits", "text"),
    [(NAN, 0, "–"), (0.74, 0, "74%"), (0.769, 1, "76.9%"), (0.0, 0, "0%"), (1.0, 0, "100%"),
     # what is neither nothing nor everything does not look so
     (0.995, 0, "99.5%"), (0.996, 0, "99.6%"), (0.9996, 0, "99.96%"), (0.004, 0, "0.4%"),
     (0.005, 0, "0.5%"), (0.0004, 0, "0.04%"), (1e-9, 0, "0.000%"), (0.006, 0, "0.6%"),
     # below 1% two figures, so that 0.57% and 0.5% are not 1% and 0.5%
     (0.0057, 0, "0.57%"), (0.00996, 0, "1%"), (0.00099, 0, "0.099%"), (0.01, 0, "1%"),
     (-0.18, 0, "−18%"), (0.00049, 1, "0.05%"), (1 - 2e-16, 0, "100%")],
)  # fmt: skip
def test_percent(share: float, digits: int, text: str) -> None:
    assert numbers.percent(share, digits) == text


@pytest.mark.parametrize(
    ("values", "digits"),
    [((), 0), ((NAN, INF), 0), ((0.0,), 0), ((100.0,), 0), ((99.9, 0.1), 1), ((9.99,), 2),
     ((0.1,), 2), ((0.05, -0.02), 3), ((-250.0, 1.0), 0), ((0.0009, -0.0002), 5), ((1e-30,), 10)],
)  # fmt: skip
def test_digits_for(values: tuple[float, ...], digits: int) -> None:
    assert numbers.digits_for(*values) == digits


def test_interval() -> None:
    assert numbers.interval(0.1035, 0.85) == "0.10 to 0.85"
    assert numbers.interval(-1.03, 0.76) == "−1.03 to 0.76"
    assert numbers.interval(2.0, INF) == "2.00 to ∞"
    assert numbers.interval(0.004, 0.12, share=True) == "0% to 12%"
    assert numbers.percents(0.82, 0.996) == "82% to 99.6%"
    assert numbers.percents(NAN, 0.5) == "–"
    assert numbers.interval(0.735, 0.745, 1, share=True) == "73.5% to 74.5%"
    for ends in ((NAN, NAN), (NAN, 1.0), (1.0, NAN)):
        assert numbers.interval(*ends) == "–"


@pytest.mark.parametrize(
    ("estimate", "measure", "text"),
    [
        ((0.2967, 0.1036, 0.8497), "RR", "0.30 (0.10 to 0.85)"),
        ((0.3, NAN, NAN), "RR", "0.30"),
        ((0.75, 0.75, NAN), "PR", "75%"),
        ((0.74, 0.735, 0.745), "PR", "74% (73.5% to 74.5%)"),
        ((0.39, 0.385, 0.395), "PR", "39% (38.5% to 39.5%)"),
        ((13 / 16, 0.57, 0.934), "PR", "81% (57% to 93%)"),
        # a ratio is not rounded to nothing, nor onto the line of no difference
        ((3.4615, 0.9831, 12.188), "RR", "3.46 (0.98 to 12.19)"),
        ((12.0, 0.04, 150.0), "OR", "12.00 (0.04 to 150.00)"),
        ((1.2, 0.998, 1.4), "RR", "1.200 (0.998 to 1.400)"),
        ((1.2, 1.0, 1.4), "RR", "1.20 (1.00 to 1.40)"),
        ((-0.14, -1.03, 0.76), "SMD", "−0.14 (−1.03 to 0.76)"),
        ((NAN, NAN, NAN), "MD", "–"),
    ],
)
def test_estimate(estimate: tuple[float, float, float], measure: str, text: str) -> None:
    assert numbers.estimate(*estimate, measure) == text


@pytest.mark.parametrize(
    ("shares", "least", "size"),
    [((0.39, 0.29), 100, 100), ((0.016, 0.012), 100, 1000), ((0.0013, 0.00096), 100, 10_000),
     ((0.016,), 1000, 1000), ((0.39,), 1000, 1000), ((0.0,), 100, 100), ((1e-9,), 100, 100_000)],
)  # fmt: skip
def test_rare_events_are_told_of_more_people(
    shares: tuple[float, ...], least: int, size: int
) -> None:
    assert numbers.out_of(*shares, least=least) == size


@pytest.mark.parametrize(
    ("kind", "level", "text"),
    [("confidence", 0.95, "95% CI"), ("confidence", 0.999, "99.9% CI"), ("none", 0.95, ""),
     ("reported", 0.975, "97.5% CI as reported"), ("rounding", 0.95, "range by rounding")],
)  # fmt: skip
def test_interval_name(kind: str, level: float, text: str) -> None:
    assert numbers.interval_name(kind, level) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(NAN, ""), (1.0, "p = 1.00"), (0.0, "p < 0.001"), (0.00099, "p < 0.001"),
     (0.001, "p = 0.0010"), (0.0012, "p = 0.0012"), (0.00996, "p = 0.010"),
     (0.0274, "p = 0.027"), (0.05, "p = 0.050"), (0.0953, "p = 0.095"),
     (0.0996, "p = 0.10"), (0.25, "p = 0.25")],
)  # fmt: skip
def test_p_value(value: float, text: str) -> None:
    assert numbers.p_value(value) == text


def test_people_listings_signs_and_articles() -> None:
    people = [numbers.people(n) for n in (NAN, 0.0, 1.0, 24.0, 11166.0)]
    assert people == [
        "an unreported number of people", "0 people", "1 person", "24 people", "11,166 people",
    ]  # fmt: skip
    listings = [numbers.listing(list("abc")[:n]) for n in range(4)]
    assert listings == ["", "a", "a and b", "a, b and c"]
    signed = [numbers.signed(x) for x in (17.2, -12.0, 0.0, -0.0, NAN, INF)]
    assert signed == ["+17.2", "−12", "0", "0", "–", "+∞"]
    articles = [numbers.with_article(w) for w in ("uncontrolled result", "trial", "Old paper")]
    assert articles == ["an uncontrolled result", "a trial", "an Old paper"]


@pytest.mark.parametrize(
    ("text", "inside"),
    [("Inversion on a Teeter table", "inversion on a Teeter table"), ("MRI scan", "MRI scan"),
     ("Roland Morris questionnaire", "Roland Morris questionnaire"), ("", ""), ("A", "a"),
     ("No BCG vaccine", "no BCG vaccine"), ("BCG vaccine", "BCG vaccine"),
     ("Up to 20 min", "up to 20 min"), ("6 weeks", "6 weeks"), ("Pain", "pain")],
)  # fmt: skip
def test_lower_first_leaves_names_alone(text: str, inside: str) -> None:
    assert numbers.lower_first(text) == inside
    assert numbers.upper_first("pain of") == "Pain of"
    assert numbers.upper_first("") == ""


SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
BEFORE = (
    "",
    " ",
    "\t",
    "\r\n",
    "\u00a0",
    "\u3000",
    "\ufeff",
    "\u200b",
    "\u202e",
    "\x00",
    " \u2060 ",
)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", BEFORE)
def test_what_a_spreadsheet_would_run_is_text(sign: str, before: str) -> None:
    text = f"{before}{sign}cmd|'/c calc'!A1"
    assert csvtext.harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["\tx", "\rx", "\nx", "\x00x"])
def test_a_control_character_at_the_start_is_fenced(text: str) -> None:
    assert csvtext.harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", ["", "a=b", "1+1", "’=1", "−0.14 (−1.03 to 0.76)", "74%", -0.5, 3, None, True]
)
def test_what_is_harmless_stays(value: object) -> None:
    assert csvtext.harmless(value) is value


def test_written_csv_reads_back_with_numbers_untouched(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"text": ["=1+1", "plain, \"quoted\"", ""], "x": [-0.1 - 0.2, NAN, 1e-9],
         "mixed": ["-5", -5, None], "n": [1, 2, 3], "=head": ["a", "b", "c"]},
    )  # fmt: skip
    before = frame.copy(deep=True)
    path = tmp_path / "out.csv"
    csvtext.write_csv(frame, path)
    pd.testing.assert_frame_equal(frame, before)
    raw = path.read_bytes()
    assert b"\r" not in raw
    assert raw.splitlines()[0] == b"text,x,mixed,n,'=head"
    assert raw.splitlines()[1].startswith(b"'=1+1,-0.30000000000000004,'-5,1,")
    assert raw.splitlines()[2] == b'"plain, ""quoted""",,-5,2,b'
    assert raw.splitlines()[3] == b",1e-09,,3,c"
    back = pd.read_csv(path)
    assert back["x"].tolist()[0] == frame["x"].iloc[0]


@given(st.text(max_size=30))
def test_no_text_gets_past_the_fence(text: str) -> None:
    first = str(csvtext.harmless(text)).lstrip()
    assert not first.startswith((*SIGNS, "\t", "\r"))


def _cells(text: str) -> list[str]:
    return re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", text, re.DOTALL)


def test_html_shows_markup_as_text() -> None:
    frame = pd.DataFrame({HOSTILE: [HOSTILE], "b": ["{braces} {{ x }}"]})
    text = html.table(frame, HOSTILE)
    assert "<script" not in text
    assert "49" not in text
    assert (
        text.count("&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;&amp;amp;&#39;{{ 7 * 7 }}") == 3
    )
    assert "{braces} {{ x }}" in _cells(text)
    assert '"onmouseover' not in text


def test_a_page_is_whole_and_loads_nothing() -> None:
    text = html.render(
        "page.html", body="table.html", title=HOSTILE, caption="c", columns=["a"], rows=[["x"]]
    )
    assert text.startswith("<!doctype html>")
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert not re.search(r"(src|href)=", text)


def test_a_template_with_a_value_missing_is_an_error() -> None:
    with pytest.raises(Exception, match="caption"):
        html.render("table.html", columns=[], rows=[])


def test_markdown_shows_marks_as_text() -> None:
    text = markdown.table(
        pd.DataFrame({"a|b": ["*x* `y` _z_ [l](u) <b> #h \\ $m$ ~~s~~ &lt;\r\nend"]})
    )
    header, rule, line = text.splitlines()
    assert header == r"| a\|b |"
    assert rule == "| --- |"
    assert line == (r"| \*x\* \`y\` \_z\_ \[l\](u) \<b\> \#h \\ \$m\$ \~\~s\~\~ \&lt;  end |")
    assert text.endswith("\n")


def _hostile_summary(summary: Summary) -> Summary:
    (first, *rest) = summary.caveats
    spoiled = Caveat(
        code="C99", domain="reporting", severity="block", title=HOSTILE, sentence=HOSTILE,
        numbers={}, studies=(HOSTILE,), reference=HOSTILE,
    )  # fmt: skip
    return Summary(
        id=summary.id, measure=summary.measure, outcome={**summary.outcome, "label": HOSTILE},
        frame=summary.frame.assign(label=HOSTILE, treatment=HOSTILE), sentence=HOSTILE,
            statement=HOSTILE,
        why_not_pooled=HOSTILE, caveats=(spoiled, first, *rest), certainty=summary.certainty,
    )  # fmt: skip


def test_hostile_evidence_shows_as_text(evidence: eq.Evidence) -> None:
    spoiled = _hostile_summary(eq.summarize(evidence, "surgery"))
    text = spoiled._repr_html_()
    assert "<script" not in text
    assert not re.search(r'<[^>]*"onmouseover', text)
    assert "{{ 7 * 7 }}" in text
    assert HOSTILE in str(spoiled)


@pytest.mark.parametrize("name", ["surgery", "less_pain", "iop", "improved_reflexes"])
def test_a_summary_never_leaves_without_its_caveats(name: str, evidence: eq.Evidence) -> None:
    summary = eq.summarize(evidence, name)
    assert repr(summary) == str(summary)
    text = summary._repr_html_()
    escaped = text.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&")
    for caveat in summary.caveats:
        assert str(caveat) in str(summary)
        assert caveat.sentence in escaped
        assert caveat.reference in escaped
    assert summary.sentence in str(summary)
    assert summary.why_not_pooled in escaped


def test_the_frame_of_a_summary_is_a_copy(evidence: eq.Evidence) -> None:
    summary = eq.summarize(evidence, "surgery")
    copied = summary.to_frame()
    copied.loc[:, "estimate"] = 0.0
    assert (summary.frame["estimate"].dropna() > 0).all()


def test_the_overview_of_a_base(evidence: eq.Evidence) -> None:
    text = evidence._repr_html_()
    assert "inversion therapy against no inversion therapy" in text
    assert "Mendelow 2021" in text.split("Papers that were not read")[1]
