"""From the text of one cell to its value: nothing is guessed, every refusal says what to write."""

import difflib
import re
import sys
import unicodedata

from equipoise.errors import Problem
from equipoise.evidence.columns import ID, NOT_REPORTED, Column, Table
from equipoise.evidence.reading import MAX_CELL, Row, Value

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_GROUP_MARKS = " ,'’\u00a0\u2009\u202f"
_THOUSANDS = re.compile(rf"[+-]?[1-9]\d{{0,2}}([{_GROUP_MARKS}]\d{{3}})+(\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_BARE_POINT = re.compile(r"([+-]?)(\d*)\.(\d*)", re.ASCII)
_PLAIN_SIGNS = str.maketrans("−－–＋．·٫", "---+...")
_INVISIBLE = ("Cc", "Cf", "Zl", "Zp")
_ALLOWED_INVISIBLE = "\n\u200c\u200d\u200e\u200f"  # new lines, and what some scripts need to join
_UNKNOWN_WORDS = {
    "na",
    "n/a",
    "nan",
    "null",
    "none",
    "nr",
    "n.r.",
    "not reported",
    "not found",
    "unknown",
    "missing",
    "?",
    "-",
    "–",
    "—",
    ".",
}
_INFINITIES = {"inf", "+inf", "-inf", "infinity", "-infinity", "∞"}


def parse_row(row: Row, table: Table) -> list[Problem]:
    """Turn the cells of `row` into values, in place, and return what is wrong with them."""
    problems = []
    for column in table.columns:
        text = row.text[column.name]
        value, refusal = parse_cell(text, column)
        row.parsed[column.name] = value
        if refusal:
            what, fix = refusal
            problems.append(
                Problem(
                    file=table.file,
                    row=row.number,
                    column=column.name,
                    value=text,
                    what=what,
                    fix=fix,
                )
            )
    return problems


def parse_cell(text: str, column: Column) -> tuple[Value, tuple[str, str] | None]:
    """Return the value of a cell, or the reason it has none and what to write instead.

    Numbers come back as floats, everything else as text; an empty cell and `NR` are both None
    (the text of the cell keeps them apart).
    """
    refusal = _check_text(text, column)
    if refusal or text in ("", NOT_REPORTED):
        return None, refusal
    if column.type in ("integer", "number"):
        return _parse_number(text, column)
    refusal = _check_words(text, column)
    return (None if refusal else text), refusal


def _check_text(text: str, column: Column) -> tuple[str, str] | None:
    """Refuse what no type of cell may hold."""
    if not text.strip() and column.required:
        return "is empty", _instead(column)
    if text == NOT_REPORTED and not column.may_be_nr:
        return f"may not be {NOT_REPORTED}", _instead(column)
    if text != text.strip():
        return "has spaces around it", f"write {text.strip()!r}" if text.strip() else "empty it"
    if len(text) > MAX_CELL:
        return f"is longer than {MAX_CELL} characters", "shorten it"
    return _check_characters(text)


def _check_characters(text: str) -> tuple[str, str] | None:
    """Refuse what nobody can see, and the mark that a program leaves where it lost a letter."""
    for character in text:
        if unicodedata.category(character) in _INVISIBLE and character not in _ALLOWED_INVISIBLE:
            return f"holds the invisible character U+{ord(character):04X}", "delete that character"
        if character == "\ufffd":
            return "holds U+FFFD, where a character was lost", "write what the source has"
    return None


def _check_words(text: str, column: Column) -> tuple[str, str] | None:
    """Refuse text that its column does not allow."""
    if text.lower() in _UNKNOWN_WORDS and text not in column.allowed:
        none = "say in words what there is none of, or " * (text.lower() == "none")
        return "does not say why it is missing", none + _instead(column)
    if column.type == "choice" and text not in column.allowed:
        by_lower = {word.lower(): word for word in column.allowed}
        close = difflib.get_close_matches(text.lower(), by_lower, n=1)
        return "is not an allowed value", f"write {by_lower[close[0]]}" if close else _instead(
            column
        )
    if column.type == "id" and not ID.fullmatch(text):
        slug = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "a_name"
        return "is not an id", f"write {slug!r}: lower-case letters, digits and underscores"
    if column.type == "url" and not re.fullmatch(r"https?://\S+", text):
        return "is not a web address", "begin it with https:// and leave no spaces in it"
    return None


def _parse_number(text: str, column: Column) -> tuple[Value, tuple[str, str] | None]:
    pattern = _INTEGER if column.type == "integer" else _NUMBER
    if not pattern.fullmatch(text):
        return None, _explain_number(text, column)
    value = float(text)
    # Above this a float skips whole numbers, so that a count would change in silence.
    largest = 2.0**53 - 1 if column.type == "integer" else sys.float_info.max
    if abs(value) > largest:
        return None, ("is too large to be a number", "check the digits and the exponent")
    if column.low is not None and value < column.low:
        return None, (f"is below {column.low:g}", "check it against the source")
    if column.high is not None and value > column.high:
        return None, (f"is above {column.high:g}", "check it against the source")
    return value, None


def _explain_number(text: str, column: Column) -> tuple[str, str]:  # noqa: PLR0911 one cause each
    """Say why `text` is not a number of this column, from the most to the least likely cause."""
    kind = "a whole number" if column.type == "integer" else "a number"
    plain = _plain(text)
    if text.lower() in _UNKNOWN_WORDS:
        return f"is not {kind}", _instead(column)
    if text.lower() in _INFINITIES:
        return "is infinite", "write the finite number, or leave the cell empty"
    if plain != text and _NUMBER.fullmatch(plain):
        return "is written with characters other than 0-9 . + -", f"write {plain}"
    if _THOUSANDS.fullmatch(text):
        bare = re.sub(f"[{_GROUP_MARKS}]", "", text)
        return "has thousands separators", f"write {bare} (or use a decimal point if it is one)"
    if _DECIMAL_COMMA.fullmatch(text):
        return "has a decimal comma", f"write {text.replace(',', '.')}"
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1].strip()):
        return "has a percent sign", f"write {text[:-1].strip()}"
    point = _BARE_POINT.fullmatch(text)
    if point and bool(point[2]) != bool(point[3]):
        bare = f"{point[1]}{point[2] or 0}" + f".{point[3]}" * bool(point[3])
        return "needs digits on both sides of its point", f"write {bare}"
    if text[0] in "<>≤≥~≈":
        fix = (
            f"write {NOT_REPORTED} and what is printed in notes, or use relation where there is one"
        )
        return f"is a bound or an approximation, not {kind}", fix
    if column.type == "integer" and _NUMBER.fullmatch(text):
        return f"is not {kind}", "write the count of people; counts have no decimals"
    return f"is not {kind}", "write digits with a decimal point, and the rest in notes"


def _plain(text: str) -> str:
    """Write digits, points and signs of other scripts as ASCII; a superscript stays what it is."""
    digits = (str(unicodedata.decimal(c, c)) for c in text)
    return "".join(digits).translate(_PLAIN_SIGNS)


def _instead(column: Column) -> str:
    """Say what may stand in a cell of this column."""
    if column.allowed:
        ways = ["write one of " + ", ".join(column.allowed)]
    else:
        ways = [f"write {column.meaning}"] * column.required
    if column.may_be_nr:
        ways.append(f"write {NOT_REPORTED} if it was looked for and not found")
    if not column.required:
        ways.append("leave the cell empty if it does not apply")
    return ", or ".join(ways)
