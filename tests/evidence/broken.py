"""Broken evidence bases: a sound one with one defect each, and where it must be found."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from small_base import HEADERS, read_table, rewrite, set_cell, write_table

from equipoise.evidence.schema import TABLES

Damage = Callable[[Path], object]


@dataclass(frozen=True, kw_only=True)
class Broken:
    """One defect: how to make it, the place of the first problem, and words that must be said.

    `also` counts the further problems that the same defect cannot but cause.
    """

    name: str
    damage: Damage
    file: str
    row: int = 0
    column: str = ""
    words: tuple[str, ...]
    base: str = "small"
    also: int = 0


def cell(name: str, place: str, value: str, *words: str, base: str = "small") -> Broken:
    """One cell, `file row column`, that is refused itself."""
    file, row, column = place.split()
    file += ".csv"
    return Broken(
        name=name,
        damage=lambda folder: set_cell(folder, file, int(row), column, value),
        file=file,
        row=int(row),
        column=column,
        words=words,
        base=base,
    )


def cells(
    name: str, changes: dict[str, str], place: str, *words: str, also: int = 0, base: str = "small"
) -> Broken:
    """Sound cells, `file row column`, that do not fit each other; `place` is named first."""

    def damage(folder: Path) -> None:
        for at, value in changes.items():
            file, row, column = at.split()
            set_cell(folder, f"{file}.csv", int(row), column, value)

    file, row, column = place.split()
    return Broken(
        name=name,
        damage=damage,
        file=f"{file}.csv",
        row=int(row),
        column=column,
        words=words,
        base=base,
        also=also,
    )


def text(
    name: str, file: str, old: str, new: str, place: str, *words: str, base: str = "small"
) -> Broken:
    """A stretch of a file replaced once; `place` is `row column`, or a key of review.toml."""

    def damage(folder: Path) -> None:
        before = (folder / file).read_bytes()
        assert old.encode() in before, "nothing to replace"
        (folder / file).write_bytes(before.replace(old.encode(), new.encode("utf-8"), 1))

    row, _, column = place.partition(" ")
    return Broken(
        name=name,
        damage=damage,
        file=file,
        row=int(row),
        column=column,
        words=words,
        base=base,
    )


def plan(name: str, old: str, new: str, key: str, *words: str, base: str = "small") -> Broken:
    """A stretch of review.toml replaced once."""
    return text(f"plan_{name}", "review.toml", old, new, f"0 {key}", *words, base=base)


def whole(
    name: str, file: str, damage: Damage, *words: str, row: int = 0, column: str = ""
) -> Broken:
    """A file that is damaged as a whole."""
    return Broken(name=name, damage=damage, file=file, row=row, column=column, words=words)


def _header(file: str, change: Callable[[list[str]], None]) -> Damage:
    return lambda folder: rewrite(folder / file, lambda records: change(records[0]))


def _row(file: str, row: int, change: Callable[[list[str]], None]) -> Damage:
    return lambda folder: rewrite(folder / file, lambda records: change(records[row - 1]))


def _bytes(file: str, change: Callable[[bytes], bytes]) -> Damage:
    return lambda folder: (folder / file).write_bytes(change((folder / file).read_bytes()))


def _rename(old: str, new: str) -> Damage:
    return lambda folder: (folder / old).rename(folder / new)


def _drop_column(file: str, column: str) -> Damage:
    def damage(folder: Path) -> None:
        records = read_table(folder / file)
        at = records[0].index(column)
        records = [cells[:at] + cells[at + 1 :] for cells in records]
        write_table(folder / file, records[1:], records[0])

    return damage


def _add_column(file: str, column: str) -> Damage:
    def damage(folder: Path) -> None:
        records = read_table(folder / file)
        write_table(folder / file, [[*r, ""] for r in records[1:]], [*records[0], column])

    return damage


def _link(file: str) -> Damage:
    def damage(folder: Path) -> None:
        elsewhere = folder.parent / "elsewhere.csv"
        (folder / file).rename(elsewhere)
        (folder / file).symlink_to(elsewhere)

    return damage


def _folder_instead(file: str) -> Damage:
    def damage(folder: Path) -> None:
        (folder / file).unlink()
        (folder / file).mkdir()

    return damage


def _many_lines_first(data: bytes) -> bytes:
    """Give an early row a cell of three lines, so that lines and rows part."""
    assert b"As printed" in data
    return data.replace(b"As printed", b'"As\nprinted, over\nthree lines"', 1)


NUMBERS = (
    cell("comma_thousands", "results 3 n", "1,028", "thousands", "write 1028"),
    cell("space_thousands", "results 3 n", "1 028", "thousands", "write 1028"),
    cell("apostrophe_thousands", "results 3 n", "1'028", "thousands", "write 1028"),
    cell("curly_apostrophe_thousands", "results 3 n", "1’028", "thousands", "write 1028"),
    cell("nbsp_thousands", "results 3 n", "1\u00a0028", "thousands", "write 1028"),
    cell("narrow_nbsp_thousands", "results 3 n", "1\u202f028", "thousands", "write 1028"),
    cell("thousands_and_decimals", "results 9 mean", "1,031.5", "thousands", "write 1031.5"),
    cell("german_thousands", "results 9 mean", "1.031,5", "is not a number"),
    cell("decimal_comma", "results 3 percent", "42,9", "decimal comma", "write 42.9"),
    cell("decimal_comma_of_three", "contrasts 6 se", "0,125", "decimal comma", "write 0.125"),
    cell("full_width", "results 3 n", "２８", "other than 0-9", "write 28"),
    cell("arabic_digits", "results 3 n", "٢٨", "other than 0-9", "write 28"),
    cell("superscript", "results 3 n", "10²", "is not a whole number", "digits"),
    cell("unicode_minus", "contrasts 6 estimate", "−12.5", "other than", "write -12.5"),
    cell("en_dash_minus", "contrasts 6 estimate", "–12.5", "other than", "write -12.5"),
    cell("middle_dot", "contrasts 2 estimate", "0·47", "other than", "write 0.47"),
    cell("no_leading_zero", "contrasts 2 estimate", ".47", "both sides", "write 0.47"),
    cell("no_decimals_after_point", "contrasts 2 estimate", "1.", "both sides", "write 1"),
    cell("nan", "results 9 mean", "nan", "is not a number", "write NR"),
    cell("nan_capitals", "results 9 mean", "NaN", "is not a number", "leave the cell empty"),
    cell("na", "results 8 n", "NA", "is not a whole number", "write NR"),
    cell("lower_case_nr", "results 8 n", "nr", "is not a whole number", "write NR"),
    cell("hyphen_for_nothing", "results 9 sd", "-", "is not a number", "leave the cell empty"),
    cell("question_mark", "results 9 sd", "?", "is not a number", "NR"),
    cell("infinite", "contrasts 2 ci_high", "inf", "is infinite", "finite"),
    cell("minus_infinite", "contrasts 6 ci_low", "-inf", "is infinite", "finite"),
    cell("infinity_sign", "contrasts 2 ci_high", "∞", "is infinite", "finite"),
    cell("exponent_too_large", "contrasts 2 ci_high", "1e999", "too large", "exponent"),
    cell("too_many_digits", "contrasts 2 ci_high", "9" * 400, "too large"),
    cell("count_beyond_floats", "results 8 n", str(2**53 + 1), "too large", "digits"),
    cell("percent_sign", "results 5 percent", "41%", "percent sign", "write 41"),
    cell("spaced_percent_sign", "results 5 percent", "41 %", "percent sign", "write 41"),
    cell("fractional_count", "results 8 events", "2.5", "is not a whole number", "decimals"),
    cell("count_with_point", "results 8 n", "25.0", "is not a whole number", "decimals"),
    cell("count_with_exponent", "results 8 n", "2e1", "is not a whole number"),
    cell("negative_count", "results 8 events", "-3", "is below 0", "source"),
    cell("percent_above_100", "results 5 percent", "141", "is above 100", "source"),
    cell("negative_percent", "results 5 percent", "-41", "is below 0"),
    cell("p_above_1", "contrasts 6 p_value", "1.5", "is above 1"),
    cell("p_as_bound", "contrasts 6 p_value", "<0.001", "is a bound", "notes"),
    cell("percent_as_bound", "results 5 percent", ">41", "is a bound", "relation"),
    cell("level_as_share", "contrasts 2 ci_level", "0.95", "is below 50"),
    cell("year_of_five_digits", "sources 2 year", "20010", "is above 2100"),
    cell("year_with_text", "sources 2 year", "c. 2001", "is not a whole number", "notes"),
    cell("weeks_before_the_start", "results 8 weeks", "-4", "is below 0"),
    cell("number_and_text", "results 9 mean", "31.5 (SD 9.5)", "is not a number", "notes"),
    cell("a_range", "results 8 events", "3-4", "is not a whole number"),
    cell("a_fraction", "results 8 events", "3/25", "is not a whole number"),
    cell("zero_width_in_number", "results 8 n", "2\u200b5", "invisible character U+200B"),
    cell("claim_above_100", "claims 2 value", "150", "is above 100"),
    cell("empty_count_required", "screening 2 n", "", "is empty", "records, reports"),
    cell("big_base_comma", "results 17 n", "1,3", "decimal comma", base="inversion"),
)

WORDS = (
    cell("space_before", "results 3 n", " 28", "spaces around", "write '28'"),
    cell("space_after", "studies 2 label", "Alpha 2001 ", "spaces around", "'Alpha 2001'"),
    cell("nbsp_after", "studies 2 label", "Alpha 2001\u00a0", "spaces around", "'Alpha 2001'"),
    cell("only_a_space", "guidance 2 notes", " ", "spaces around", "empty it"),
    cell("required_is_space", "studies 2 label", "  ", "is empty", "first author"),
    cell("bell", "results 2 notes", "As\x07printed", "invisible character U+0007"),
    cell("tab_inside", "claims 2 claim", "Half\tas many", "invisible character U+0009"),
    cell("right_to_left_override", "studies 2 label", "Alpha\u202e1002", "U+202E", "delete"),
    cell("line_separator", "studies 2 label", "Alpha\u20282001", "U+2028", "delete"),
    cell("lost_letter", "sources 2 citation", "Universit\ufffd", "lost", "what the source has"),
    cell("too_long", "results 2 notes", "x" * 10_001, "longer than 10000", "shorten"),
    cell("id_with_capitals", "results 2 study_id", "Alpha2001", "is not an id", "'alpha2001'"),
    cell("study_with_capitals", "studies 2 study_id", "Alpha2001", "is not an id", "'alpha2001'"),
    cell("source_with_hyphen", "sources 2 source_id", "src-alpha", "is not an id", "'src_alpha'"),
    cell("outcome_with_accent", "outcomes 2 outcome_id", "rélapse", "is not an id"),
    cell("arm_with_space", "arms 2 arm_id", "the drug", "is not an id", "'the_drug'"),
    cell("id_of_signs", "context 2 context_id", "***", "is not an id", "'a_name'"),
    cell("id_is_na", "context 2 context_id", "na", "why it is missing", "short name"),
    cell("no_scheme", "sources 2 url", "example.org/a", "not a web address", "https://"),
    cell("another_scheme", "sources 2 url", "javascript:alert(1)", "not a web address"),
    cell("space_in_address", "sources 2 url", "https://example.org/a b", "not a web address"),
    cell("nr_in_notes", "results 2 notes", "NR", "may not be NR", "leave the cell empty"),
    cell("nr_as_label", "studies 2 label", "NR", "may not be NR", "write how figures"),
    cell("nr_as_role", "arms 6 role", "NR", "may not be NR", "intervention, control"),
    cell("nr_as_phase", "results 8 phase", "NR", "may not be NR", "before, after, change"),
    cell("nr_as_reference", "claims 4 outcome_id", "NR", "may not be NR", "empty"),
    cell("unknown_country", "studies 2 country", "unknown", "why it is missing", "write NR"),
    cell("dash_for_text", "studies 2 setting", "–", "why it is missing", "write NR"),
    cell("conflicts_none", "studies 2 conflicts", "none", "missing", "what there is none of"),
    cell("lower_case_nr_choice", "studies 2 funding", "nr", "why it is missing", "write NR"),
    cell("design_in_capitals", "studies 2 design", "RCT", "not an allowed value", "write rct"),
    cell("misspelt_choice", "results 2 confidence", "primery", "not an allowed", "write primary"),
    cell("measure_lower_case", "contrasts 2 measure", "rr", "not an allowed value", "write RR"),
    cell("foreign_choice", "arms 6 role", "exposed", "not an allowed", "intervention, control"),
    cell("relation_as_sign", "results 5 relation", ">", "not an allowed value", "more_than"),
    cell("kind_of_outcome", "outcomes 4 kind", "yes/no", "allowed", "binary, continuous"),
    cell("role_of_the_treated", "arms 2 role", "treatment", "not an allowed value"),
    cell("empty_id", "results 2 study_id", "", "is empty", "write the study"),
    cell("empty_text", "studies 2 population", "", "is empty", "or write NR"),
    cell("empty_source", "results 2 source_id", "", "is empty", "document"),
    cell("empty_confidence", "safety 2 confidence", "", "is empty", "primary, peer_reviewed"),
    cell("empty_key", "sources 2 source_id", "", "is empty", "short name"),
    cell("big_base_choice", "studies 3 design", "randomised", "not an allowed", base="inversion"),
)

BETWEEN_CELLS = (
    cell("unknown_arm", "results 2 arm_id", "dose", "not an arm of alpha2001", "add the arm"),
    cell("unknown_arm_1", "contrasts 2 arm_1", "dose", "not an arm of alpha2001"),
    cell("arm_of_another_study", "contrasts 4 arm_2", "sham", "not an arm of epsilon2015"),
    cell("arm_against_itself", "contrasts 2 arm_2", "drug", "same arm as arm_1", "other arm"),
    cell("control_alone", "results 10 timepoint", "7 weeks", "no row of a treated", "add that row"),
    cell("events_above_n", "results 8 events", "26", "more than n, which is 25", "source"),
    cell("events_above_n_and_percent", "results 2 events", "36", "more than n, which is 30"),
    cell("n_above_arm", "results 8 n", "26", "more than the 25 people", "arms.csv"),
    cell("percent_rounded_down", "results 3 percent", "42.8", "not 12 of 28, which is 42.86"),
    cell("percent_of_another", "results 2 percent", "21", "which is 20.00", "notes"),
    cell("percent_with_exponent", "results 2 percent", "2.04e1", "which is 20.00"),
    cells("arms_too_large", {"arms 2 n": "31"}, "studies 2 n_randomised", "add up to 61"),
    cells("arms_too_small", {"arms 10 n": "19"}, "studies 7 n_randomised", "add up to 59"),
    cells("arm_above_enrolled", {"arms 4 n": "81"}, "studies 3 n_enrolled", "add up to 81"),
    cells(
        "one_arm_above_all",
        {"arms 2 n": "61", "arms 3 n": "NR"},
        "studies 2 n_randomised",
        "add up to 61",
    ),
    cell("analysed_above_randomised", "studies 2 n_analysed", "61", "more than n_randomised"),
    cell("analysed_above_enrolled", "studies 4 n_analysed", "13", "more than n_enrolled"),
    cells(
        "randomised_above_enrolled",
        {"studies 2 n_enrolled": "59"},
        "studies 2 n_randomised",
        "more than n_enrolled, which is 59",
    ),
    cell("estimate_above_interval", "contrasts 2 estimate", "1.2", "more than ci_high"),
    cells(
        "estimate_below_interval",
        {"contrasts 2 estimate": "0.1"},
        "contrasts 2 ci_low",
        "more than estimate, which is 0.1",
    ),
    cells(
        "interval_reversed",
        {"contrasts 2 ci_low": "1.08", "contrasts 2 ci_high": "0.20"},
        "contrasts 2 ci_low",
        "more than ci_high, which is 0.20",
    ),
    cells(
        "quartiles_reversed",
        {"results 9 q1": "38", "results 9 q3": "24"},
        "results 9 median",
        "more than q3, which is 24",
        also=1,  # and q1 is above the median
    ),
    cell("quartile_above_median", "results 9 q1", "31", "more than median, which is 30"),
    cell("median_above_quartile", "results 9 median", "39", "more than q3, which is 38"),
    cell("mean_above_maximum", "results 9 mean", "61", "more than maximum, which is 60"),
    cell("minimum_above_maximum", "results 9 minimum", "61", "more than maximum"),
    cell("se_above_sd", "results 9 se", "22", "more than sd, which is 9.5"),
    cell("context_reversed", "context 2 low", "57", "more than high, which is 56"),
    cell("context_outside", "context 2 value", "57", "more than high, which is 56"),
    cell("harm_above_people", "safety 4 events", "26", "more than n, which is 25"),
    cell("mean_of_binary", "results 8 mean", "3", "headache is a binary outcome"),
    cell("spread_of_binary", "results 8 q1", "NR", "headache is a binary outcome", "empty"),
    cell("events_of_continuous", "results 9 events", "3", "pain is a continuous outcome"),
    cell("percent_of_continuous", "results 9 percent", "NR", "pain is a continuous outcome"),
    cell("no_phrase", "outcomes 2 phrase", "", "is empty for a binary outcome", "10 of 100"),
    cell("important_risk_as_percent", "outcomes 2 mid", "5", "is above 1", "0.05 is 5 in 100"),
    cell("ratio_of_zero", "contrasts 2 ci_low", "0", "not above zero", "own scale"),
    cells(
        "ratio_as_logarithm",
        {"contrasts 2 estimate": "-0.755", "contrasts 2 ci_low": "-1.609"},
        "contrasts 2 ci_low",
        "not above zero",
        "logarithms",
        also=1,  # two of the three numbers are negative
    ),
    cells("value_of_nothing", {"claims 6 measure": ""}, "claims 6 measure", "has a value"),
    cell(
        "certainty_in_a_word_of_its_own",
        "certainty 2 judgement",
        "Moderate",
        "not a judgement",
        "moderate",
    ),
    cell("certainty_by_half_a_level", "certainty 3 judgement", "-0.5", "not a judgement", "-1"),
    cell("bias_tool_spaced", "risk_of_bias 2 tool", "RoB 2", "not an allowed", "write RoB2"),
    cell("bias_tool_unknown", "risk_of_bias 2 tool", "Jadad", "allowed value", "RoB2, ROBINS-I"),
    cell(
        "bias_domain_by_id",
        "risk_of_bias 2 domain",
        "D1",
        "is not a domain of RoB2",
        "write randomization process (one of randomization process, deviations from",
        "overall",
    ),
    cell(
        "bias_domain_in_other_words",
        "risk_of_bias 3 domain",
        "missing data",
        "not a domain of RoB2",
        "write missing outcome data",
    ),
    cell(
        "bias_domain_of_another_tool",
        "risk_of_bias 5 domain",
        "randomization process",
        "not a domain of ROBINS-I",
        "confounding",
    ),
    cell("bias_domain_in_capitals", "risk_of_bias 7 domain", "Overall", "write overall"),
    cell("bias_domain_empty", "risk_of_bias 3 domain", "", "is empty", "the tool's domain"),
    cell(
        "bias_word_of_another_tool",
        "risk_of_bias 2 judgement",
        "serious",
        "is not a judgement of RoB2",
        "one of low, some concerns, high",
    ),
    cell("bias_word_in_capitals", "risk_of_bias 2 judgement", "Low", "write low (one of low,"),
    cell("bias_word_misspelt", "risk_of_bias 5 judgement", "seriuos", "write serious"),
    cell("bias_word_empty", "risk_of_bias 6 judgement", "", "is empty", "the tool's word"),
    cell("bias_without_reason", "risk_of_bias 2 reason", "", "is empty", "why, in a sentence"),
    cell("bias_reason_left_open", "risk_of_bias 2 reason", "n/a", "why it is missing"),
    cell(
        "bias_milder_than_allowed",
        "risk_of_bias 4 judgement",
        "low",
        "is less severe than some concerns in missing outcome data, which RoB2 does not allow",
        "write some concerns or worse",
    ),
    cell(
        "bias_much_milder_than_allowed",
        "risk_of_bias 6 judgement",
        "no information",
        "is less severe than serious in confounding, which ROBINS-I does not allow",
    ),
    cells(
        "bias_domain_twice",
        {"risk_of_bias 3 domain": "randomization process"},
        "risk_of_bias 3 domain",
        "repeats row 2",
    ),
    cells("measure_of_nothing", {"claims 3 outcome_id": ""}, "claims 3 outcome_id", "measure"),
    cell(
        "condition_of_nothing",
        "claims 4 conditions",
        "Glaucome; Stroke",
        "names Glaucome, Stroke, not in safety.csv",
        "as in the column condition",
    ),
    cell("condition_and_outcome", "claims 7 conditions", "Glaucoma", "has an outcome", "two rows"),
    cell("helps_to_read_nothing", "context 2 outcomes", "pain relapsed", "names relapsed"),
    cell("helps_to_read_neither", "context 2 outcomes", "a b", "names a, b, not in outcomes"),
    cell("big_base_percent", "results 17 percent", "78", "10 of 13", base="inversion"),
    cells(
        "big_base_interval",
        {"contrasts 2 ci_high": "-0.2"},
        "contrasts 2 estimate",
        "more than ci_high, which is -0.2",
        base="inversion",
    ),
    cell("big_base_arm", "results 2 arm_id", "inverted", "not an arm of", base="inversion"),
    cell("big_base_reference", "claims 2 source_id", "article", "sources", base="inversion"),
)

SHAPES = (
    text("row_too_long", "guidance.csv", "tip,Begin with", "tip,Begin, with", "2 notes", "5 cells"),
    text("row_too_short", "guidance.csv", "src_page,\n", "src_page\n", "2 source_id", "3 cells"),
    text("studies_row_too_long", "studies.csv", "Malta", "Malta, Gozo", "5 notes", "25 cells"),
    text("arms_row_too_short", "arms.csv", "src_beta,primary,\n", "\n", "4 source_id", "6 cells"),
    text("blank_row", "guidance.csv", "tip,Begin", ",,,\ntip,Begin", "2 ", "is blank", "delete"),
    text("row_of_spaces", "guidance.csv", "tip,Begin", " \ntip,Begin", "2 kind", "has 1 cells"),
    text("unclosed_quote", "results.csv", "delta1999", '"delta1999', "8 ", "quotation mark"),
    text("quote_inside", "claims.csv", "c_lifts,", '"c_"lifts,', "4 ", "not well-formed CSV"),
    text("semicolons", "guidance.csv", "kind,statement,source_id,notes",
         "kind;statement;source_id;notes", "1 ", "semicolons", "commas"),
    whole("all_semicolons", "claims.csv", _bytes("claims.csv", lambda b: b.replace(b",", b";")),
          "semicolons or tabs", row=1),
    whole("all_tabs", "claims.csv", _bytes("claims.csv", lambda b: b.replace(b",", b"\t")),
          "semicolons or tabs", row=1),
    whole("column_twice", "results.csv", _add_column("results.csv", "events"), "occurs twice",
          row=1, column="events"),
    whole("misspelt_column", "results.csv",
          _header("results.csv", lambda h: h.__setitem__(h.index("events"), "evnts")),
          "not a column", "rename it to events", row=1, column="evnts"),
    whole("misspelt_needed_column", "studies.csv",
          _header("studies.csv", lambda h: h.__setitem__(0, "studyid")),
          "not a column", "rename it to study_id", row=1, column="studyid"),
    whole("column_in_capitals", "arms.csv",
          _header("arms.csv", lambda h: h.__setitem__(h.index("role"), "Role")),
          "rename it to role", row=1, column="Role"),
    whole("column_with_space", "arms.csv",
          _header("arms.csv", lambda h: h.__setitem__(h.index("n"), " n")),
          "rename it to n", row=1, column=" n"),
    whole("unknown_column", "arms.csv", _add_column("arms.csv", "reviewer"),
          "not a column", "use notes", row=1, column="reviewer"),
    whole("column_like_another", "contrasts.csv", _add_column("contrasts.csv", "arm_3"),
          "not a column", "delete it, or use notes", row=1, column="arm_3"),
    whole("column_with_escape", "arms.csv", _add_column("arms.csv", "\x1b[31m\nred"),
          "not a column", row=1, column=r"\x1b[31m\nred"),
    whole("unnamed_column", "arms.csv", _add_column("arms.csv", ""), "has no name",
          row=1, column="number 9"),
    whole("missing_column", "sources.csv", _drop_column("sources.csv", "read"), "is missing",
          "how much of it was read", row=1, column="read"),
    whole("missing_key_column", "results.csv", _drop_column("results.csv", "phase"), "is missing",
          row=1, column="phase"),
    whole("no_header", "sources.csv",
          lambda f: write_table(f / "sources.csv", read_table(f / "sources.csv")[2:],
                                [*HEADERS["sources.csv"][:-1], "src_alpha"]),
          "not a column", row=1, column="src_alpha"),
    whole("header_on_second_row", "arms.csv",
          _bytes("arms.csv", lambda b: b"\n" + b.replace(b"label", b"labl", 1)),
          "rename it to label", row=2, column="labl"),
)  # fmt: skip

FILES = (
    whole("latin_1", "results.csv",
          _bytes("results.csv", lambda b: b.replace(b"As printed", b"Universit\xe9 B")),
          "not UTF-8", "0xe9 after 'Universit'", "CSV UTF-8", row=2, column="notes"),
    whole("latin_1_after_lines", "results.csv",
          _bytes("results.csv",
                 lambda b: _many_lines_first(b).replace(b"1 year", b"1 ann\xe9e", 1)),
          "not UTF-8", "'1 ann'", row=4, column="timepoint"),
    whole("latin_1_behind_mark", "results.csv",
          _bytes("results.csv", lambda b: b"\xef\xbb\xbf" + b.replace(b"1 year", b"1 ann\xe9e", 1)),
          "not UTF-8", "'1 ann'", row=4, column="timepoint"),
    whole("latin_1_at_row_start", "arms.csv",
          _bytes("arms.csv", lambda b: b.replace(b"\nbeta2005", b"\n\xe9beta2005", 1)),
          "not UTF-8", row=4, column="study_id"),
    whole("latin_1_in_header", "arms.csv", _bytes("arms.csv", lambda b: b"\xe9" + b),
          "not UTF-8", row=1),
    whole("nul", "results.csv",
          _bytes("results.csv", lambda b: _many_lines_first(b).replace(b"1 year", b"1\0year", 1)),
          "NUL", "again", row=4, column="timepoint"),
    whole("utf_16", "studies.csv",
          _bytes("studies.csv", lambda b: b.decode().encode("utf-16")), "UTF-16", "UTF-8"),
    whole("utf_16_unmarked", "studies.csv",
          _bytes("studies.csv", lambda b: b.decode().encode("utf-16-le")), "NUL", "UTF-8", row=1),
    whole("spreadsheet_itself", "claims.csv", _bytes("claims.csv", lambda _: b"PK\3\4\0\0"),
          "NUL", "UTF-8", row=1),
    *(whole(f"no_bytes_{t.name}", t.file, _bytes(t.file, lambda _: b""), "is empty", "header")
      for t in TABLES),
    whole("only_line_ends", "arms.csv", _bytes("arms.csv", lambda _: b"\r\n\r\n"), "is empty"),
    *(whole(f"missing_{t.name}", t.file, lambda f, name=t.file: (f / name).unlink(),
            "is missing", f"header: {t.columns[0].name},") for t in TABLES if t.required),
    whole("misspelt_table", "result.csv", _rename("results.csv", "result.csv"),
          "not a table", "rename it to results.csv"),
    whole("table_in_capitals", "Claims.CSV", _rename("claims.csv", "Claims.CSV"),
          "not a table", "rename it to claims.csv"),
    whole("table_with_two_endings", "claims.csv.txt", _rename("claims.csv", "claims.csv.txt"),
          "not a table", "rename it to claims.csv"),
    whole("table_as_spreadsheet", "safety.xlsx", _rename("safety.csv", "safety.xlsx"),
          "not a table", "rename it to safety.csv"),
    whole("a_table_too_many", "people.csv", lambda f: (f / "people.csv").touch(),
          "not a table", "one of sources.csv, studies.csv"),
    whole("name_with_line_end", r"a\nb.csv", lambda f: (f / "a\nb.csv").touch(), "not a table"),
    whole("link", "results.csv", _link("results.csv"), "is not a file", "plain"),
    whole("dangling_link", "claims.csv",
          lambda f: ((f / "claims.csv").unlink(), (f / "claims.csv").symlink_to("nowhere")),
          "is not a file"),
    whole("folder_for_table", "claims.csv", _folder_instead("claims.csv"), "is not a file"),
    whole("too_large", "claims.csv", _bytes("claims.csv", lambda _: b"x" * 10_000_001),
          "larger than 10 MB", "split"),
    whole("cell_without_end", "claims.csv",
          _bytes("claims.csv", lambda b: b + b"x" * 200_000), "not well-formed", row=8),
    whole("no_folder", ".", shutil.rmtree, "is not a folder", "path"),
    whole("file_for_folder", ".", lambda f: (shutil.rmtree(f), f.touch()), "is not a folder"),
    Broken(name="empty_folder", damage=lambda f: [path.unlink() for path in f.iterdir()],
           file="arms.csv", words=("is missing",), also=5),
)  # fmt: skip


def _repeated(table_name: str, key: tuple[str, ...]) -> Broken:
    """The second row of a table, once more at its end."""
    file = f"{table_name}.csv"

    def damage(folder: Path) -> None:
        rewrite(folder / file, lambda records: records.append(records[1]))

    rows = {"sources": 9, "arms": 12, "results": 12}.get(table_name, 8)
    words = ("repeats row 2", ", ".join(key), "delete one")
    return Broken(
        name=f"repeated_{table_name}",
        damage=damage,
        file=file,
        row=rows,
        column=key[-1],
        words=words,
    )


REFERENCES = tuple(
    cell(f"{t.name}_{c.name}_nowhere", f"{t.name} 2 {c.name}", "nowhere", "is not in", "add it to")
    for t in TABLES
    for c in t.columns
    if c.references
)
REPEATED = tuple(_repeated(t.name, t.key) for t in TABLES)

PLANS = (
    plan("no_toml", 'title = "A', "title = A", "", "not valid TOML", "line 1"),
    plan("key_twice", "[question]", "[question]\n[question]", "", "not valid TOML"),
    plan("too_deep", '["one.ipynb"]', "[" * 5000 + "]" * 5000, "", "not valid TOML"),
    plan("too_many_digits", "= 52", "= " + "5" * 5000, "", "not valid TOML"),
    plan("unknown_key", 'title = "A', 'licenze = "MIT"\ntitle = "A', "licenze", "not a known key"),
    plan("misspelt_key", 'updated = "2', 'updatd = "2', "updatd", "rename it to updated"),
    plan("misspelt_in_question", "comparator =", "comparison =", "question.comparison",
         "rename it to comparator"),
    plan("misspelt_in_analysis", "baseline_risk = 0.39", "baseline_risc = 0.39",
         "analyses[1].baseline_risc", "rename it to baseline_risk"),
    plan("key_of_nothing", 'kind = "evidence_map"', 'kind = "evidence_map"\nxyz = 1',
         "figures[4].xyz", "not a known key", "delete it"),
    plan("no_title", 'title = "A device for a sore back"\n', "", "title", "is missing", "add it"),
    plan("empty_title", '"A device for a sore back"', '" "', "title", "is empty"),
    plan("no_comparator", 'comparator = "nothing"\n', "", "question.comparator", "is missing"),
    plan("no_measure", 'measure = "MC"\n', "", "analyses[6].measure", "is missing"),
    plan("number_as_text", "= 52", '= "52"', "question.target_weeks", "not a number"),
    plan("true_as_number", "= 52", "= true", "question.target_weeks", "not a number"),
    plan("weeks_nan", "= 52", "= nan", "question.target_weeks", "weeks above 0"),
    plan("weeks_zero", "= 52", "= 0", "question.target_weeks", "weeks above 0"),
    plan("weeks_without_end", "= 52", "= 1" + "0" * 400, "question.target_weeks", "weeks above"),
    plan("text_as_number", '"MIT"', "3", "licence", "not text", "quotation marks"),
    plan("word_as_date", '"2024-02-29"', '"February"', "updated", "not a date", "2026-11-23"),
    plan("text_as_date", '"2024-02-29"', "2024-02-29", "updated", "not text", "quotation marks"),
    plan("list_as_text", '["one.ipynb"]', '"one.ipynb"', "notebooks", "not a list", "brackets"),
    plan("number_in_list", '["one.ipynb"]', "[1]", "notebooks[1]", "not text"),
    plan("unknown_outcome", 'outcome = "iop"', 'outcome = "eye"', "analyses[6].outcome",
         "not in outcomes.csv"),
    plan("unknown_measure", '"MC"', '"mean"', "analyses[6].measure", "not a known measure", "RR"),
    plan("unknown_design", '["rct"]', '["RCT"]', "analyses[1].designs", "not a design", "rct"),
    plan("risk_as_percent", "= 0.39", "= 39", "analyses[1].baseline_risk", "between 0 and 1"),
    plan("risk_of_nobody", "= 0.39", "= 0", "analyses[1].baseline_risk", "between 0 and 1"),
    plan("risk_nan", "= 0.39", "= nan", "analyses[1].baseline_risk", "between 0 and 1"),
    plan("risk_from_nowhere", 'risk_source = "src_alpha"', 'risk_source = "nowhere"',
         "analyses[1].baseline_risk_source", "not in sources.csv"),
    plan("risk_without_source", 'baseline_risk_source = "src_alpha"\n', "",
         "analyses[1].baseline_risk_source", "not in sources.csv", "source_id"),
    plan("reduction_as_percent", "= 0.2\n", "= 20\n", "analyses[1].relative_risk_reduction",
         "between 0 and 1"),
    plan("analysis_twice", 'id = "eyes"', 'id = "relapse"', "analyses[6].id", "used twice"),
    plan("analysis_as_path", 'id = "eyes"', 'id = "../eyes"', "analyses[6].id", "not an id"),
    plan("unknown_figure", '"evidence_map"', '"map"', "figures[4].kind", "not a known kind"),
    plan("figure_of_nothing", '["cured", "headache"]', '["cured", "migraine"]',
         "figures[3].analyses", "'migraine'", "not the id of an analysis"),
    plan("forest_of_two", '["relapse"]', '["relapse", "cured"]', "figures[1].analyses",
         "names 2", "exactly one"),
    plan("outcomes_of_none", '["cured", "headache"]', "[]", "figures[3].analyses",
         "names 0", "at least one"),
    plan("figure_of_no_study", 'study = "alpha2001"', 'study = "alpha"', "figures[2].study",
         "not in studies.csv"),
    plan("figure_of_no_source", 'study = "alpha2001"', 'source = "nowhere"', "figures[2].source",
         "not in sources.csv"),
    plan("figure_twice", 'id = "map"', 'id = "forest"', "figures[4].id", "used twice"),
    plan("figure_as_path", 'id = "map"', 'id = "a/b"', "figures[4].id", "not an id", "file name"),
    plan("analyses_as_table", '[[figures]]\nid = "map"', '[question.more]\nid = "map"',
         "question.more", "not a known key"),
    plan("misspelt_in_synthesis", "grouping =", "groupping =", "synthesis.groupping",
         "rename it to grouping"),
    plan("unknown_in_synthesis", "method =", "software =", "synthesis.software",
         "not a known key", "delete it"),
    plan("number_in_synthesis", '"By outcome."', "3", "synthesis.grouping", "not text"),
    plan("list_in_synthesis", '"By outcome."', '["By outcome."]', "synthesis.grouping",
         "not text", "quotation marks"),
    plan("synthesis_misspelt", "[synthesis]", "[synthesys]", "synthesys",
         "rename it to synthesis"),
    plan("synthesis_as_list", "[synthesis]", "[[synthesis]]", "synthesis", "is not a table",
         "write [synthesis]"),
    whole("plan_missing", "review.toml", lambda f: (f / "review.toml").unlink(), "is missing"),
    whole("plan_is_a_folder", "review.toml", _folder_instead("review.toml"), "is not a file"),
    whole("plan_is_a_link", "review.toml", _link("review.toml"), "is not a file"),
    whole("plan_in_latin_1", "review.toml",
          _bytes("review.toml", lambda b: b.replace(b'"adults"', b'"adult\xe9s"')),
          "not UTF-8", "0xe9 on line 7"),
    Broken(name="plan_empty", damage=_bytes("review.toml", lambda _: b""), file="review.toml",
           column="licence", words=("is missing",), also=3),  # all four of the needed keys
    plan("big_base_risk", "baseline_risk = 0.39", "baseline_risk = 39",
         "analyses[1].baseline_risk", "between 0 and 1", base="inversion"),
)  # fmt: skip

CORPUS = (*NUMBERS, *WORDS, *BETWEEN_CELLS, *SHAPES, *FILES, *REFERENCES, *REPEATED, *PLANS)
