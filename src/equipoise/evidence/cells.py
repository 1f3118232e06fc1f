"""From the text of one cell to its value: nothing is guessed, every refusal says what to write."""

import difflib
import re
import unicodedata

from equipoise.errors import Problem
from equipoise.evidence.columns import NOT_REPORTED, Column, Table
from equipoise.evidence.reading import MAX_CELL, Row, Value

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_ID = re.compile(r"[a-z0-9][a-z0-9_]*", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([ ,'\u00a0\u202f]\d{3})+(\.\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
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
    if refusal:
        return None, refusal
    if text in ("", NOT_REPORTED):
        return None, None
    if column.type in ("integer", "number"):
        return _parse_number(text, column)
    return text, _check_words(text, column)


def _check_text(text: str, column: Column) -> tuple[str, str] | None:
    """Refuse what no type of cell may hold."""
    if text == "" and column.required:
        or_nr = f", or {NOT_REPORTED} if it was looked for and not found" * column.may_be_nr
        return "is empty", f"write {column.meaning}{or_nr}"
    if text == NOT_REPORTED and not column.may_be_nr:
        return f"may not be {NOT_REPORTED}", f"write {column.meaning}"
    if text != text.strip():
        return "has spaces around it", f"write {text.strip()!r}" if text.strip() else "empty it"
    if len(text) > MAX_CELL:
        return f"is longer than {MAX_CELL} characters", "shorten it"
    control = next((c for c in text if unicodedata.category(c) == "Cc" and c != "\n"), "")
    if control:
        return f"holds the control character U+{ord(control):04X}", "delete that character"
    return None


def _check_words(text: str, column: Column) -> tuple[str, str] | None:
    """Refuse text that its column does not allow."""
    if column.type == "choice" and text not in column.allowed:
        close = difflib.get_close_matches(text.lower(), column.allowed, n=1)
        hint = f"write {close[0]}" if close else "write one of " + ", ".join(column.allowed)
        return "is not an allowed value", hint
    if column.type == "id" and not _ID.fullmatch(text):
        slug = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "a_name"
        return "is not an id", f"write {slug!r}: lower-case letters, digits and underscores"
    if column.type == "url" and not re.match(r"https?://\S+$", text):
        return "is not a web address", "begin it with https:// and leave no spaces in it"
    if text.lower() in _UNKNOWN_WORDS and column.type != "choice":
        return "does not say why it is missing", _empty_or_nr(column)
    return None


def _parse_number(text: str, column: Column) -> tuple[Value, tuple[str, str] | None]:
    pattern = _INTEGER if column.type == "integer" else _NUMBER
    if not pattern.fullmatch(text):
        return None, _explain_number(text, column)
    value = float(text)
    if value in (float("inf"), float("-inf")):
        return None, ("is too large to be a number", "check the exponent")
    if column.low is not None and value < column.low:
        return None, (f"is below {column.low:g}", "check it against the source")
    if column.high is not None and value > column.high:
        return None, (f"is above {column.high:g}", "check it against the source")
    return value, None


def _explain_number(text: str, column: Column) -> tuple[str, str]:  # noqa: PLR0911 one cause each
    """Say why `text` is not a number of this column, from the most to the least likely cause."""
    kind = "a whole number" if column.type == "integer" else "a number"
    plain = unicodedata.normalize("NFKC", text).replace("−", "-")
    if text.lower() in _UNKNOWN_WORDS:
        return f"is not {kind}", _empty_or_nr(column)
    if text.lower() in _INFINITIES:
        return "is infinite", "write the finite number, or leave the cell empty"
    if plain != text and _NUMBER.fullmatch(plain):
        return "is written with characters other than 0-9 . + -", f"write {plain}"
    if _THOUSANDS.fullmatch(text):
        bare = re.sub(r"[ ,'\u00a0\u202f]", "", text)
        return "has thousands separators", f"write {bare} (or use a decimal point if it is one)"
    if _DECIMAL_COMMA.fullmatch(text):
        return "has a decimal comma", f"write {text.replace(',', '.')}"
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1].strip()):
        return "has a percent sign", f"write {text[:-1].strip()}"
    if column.type == "integer" and _NUMBER.fullmatch(text):
        return f"is not {kind}", "write the count of people; counts have no decimals"
    return f"is not {kind}", "write digits with a decimal point, and the rest in notes"


def _empty_or_nr(column: Column) -> str:
    if column.may_be_nr:
        return f"write {NOT_REPORTED} if it was looked for, or leave the cell empty"
    return f"write {column.meaning}" if column.required else "leave the cell empty"
