"""The schema for others to read: `datapackage.json` for programs, a data dictionary for people.

Both are written from `schema.TABLES`; run ``make dictionary`` after changing it.
"""

import json
import sys
from pathlib import Path

from equipoise.evidence.bias_schema import RISK_OF_BIAS
from equipoise.evidence.bias_tools import bias_tools
from equipoise.evidence.columns import NOT_REPORTED, Column, Table
from equipoise.evidence.review import FIGURE_KINDS, MEASURES
from equipoise.evidence.schema import TABLES
from equipoise.evidence.thresholds import CUSTOMARY

_TYPES = {"integer": "integer", "number": "number"}
_THRESHOLDS = "\n".join(
    f"| `{name}` | {getattr(CUSTOMARY, name):g} | {meaning} |"
    for name, meaning in CUSTOMARY.describe().items()
)
_INTRO = f"""# What stands in an evidence base

*Written from the schema in `src/equipoise/evidence/schema.py` by `make dictionary`; edit that.*

Each folder here is one evidence base: `review.toml` (the question, the analysis plan and the
figures) and the CSV tables below. A table that is not required may be left out. Files are UTF-8,
cells are separated by commas, decimals have a point.

**Two kinds of empty.** An empty cell does not apply. `{NOT_REPORTED}` was looked for and is not
reported; it may stand only where the last column says so.

**A percentage without its denominator stays a percentage.** Leave `events` and `n` at
`{NOT_REPORTED}` rather than working them out.

**Words are ours.** Facts, figures and citations carry over from sources; sentences do not.

`equipoise check` reports everything that breaks these rules, each with file, row, column and fix.

## `review.toml` (required)

The smallest one; without analyses every outcome gets the usual measure of its kind.

```toml
title = "A treatment for a complaint"
updated = "2026-11-23"
licence = "MIT"

[question]
population = "people with the complaint"
condition = "the complaint"          # as in studies.csv
intervention = "the treatment"
comparator = "usual care"
target_weeks = 52                    # how far ahead the question looks

[[analyses]]                         # as many as there are questions
id = "death"
outcome = "death"
measure = "RR"                       # {", ".join(MEASURES)}

[[figures]]                          # drawn in this order by `equipoise build`
id = "death_forest"
kind = "forest"                      # {", ".join(FIGURE_KINDS[:4])},
title = "Death"                      # {", ".join(FIGURE_KINDS[4:8])},
analyses = ["death"]                 # {", ".join(FIGURE_KINDS[8:])}
```

An analysis may also have `designs` (a list), `baseline_risk` with `baseline_risk_source`, and
`relative_risk_reduction`; a figure may have `study` (icon arrays) or `source` (claims tables). At
the top, `notebooks` lists notebooks of the `notebooks` folder that the build runs.

A table `[thresholds]` moves the lines at which caveats begin, and a caveat then says so:

| name | customary | what it is |
|---|---|---|
{_THRESHOLDS}

Where studies are not pooled, `[synthesis]` says what is done instead, a sentence or two a key. All
of them may be left out; `swim_checklist` then says “not stated”, and adds what the data tell.

```toml
[synthesis]                          # synthesis without meta-analysis: the items of SWiM
grouping = "..."                     # how studies are grouped, and why so
grouping_changes = "..."             # what changed since the protocol, or that there is none
metric = "..."                       # why these measures, and how results were brought to them
method = "..."                       # what is done instead of a meta-analysis, and why
criteria_to_prioritise = "..."       # which studies lead in the conclusions, by what criteria
heterogeneity = "..."                # how differences between results are examined
certainty = "..."                    # how the certainty of the findings is assessed
presentation = "..."                 # how tables and figures show and order the results
limitations = "..."                  # what the synthesis cannot show
```
"""


def datapackage(folder: Path) -> dict[str, object]:
    """Return the Frictionless Data Package (version 2) descriptor of an evidence folder."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": folder.name.replace("_", "-"),
        "resources": [_resource(table) for table in TABLES if (folder / table.file).exists()],
    }


def _resource(table: Table) -> dict[str, object]:
    references = [column for column in table.columns if column.references]
    schema: dict[str, object] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_field(column) for column in table.columns],
        "missingValues": ["", NOT_REPORTED],
        "primaryKey": list(table.key),
    }
    if references:
        schema["foreignKeys"] = [
            {
                "fields": [column.name],
                "reference": dict(
                    zip(("resource", "fields"), _target(column.references), strict=True)
                ),
            }
            for column in references
        ]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/dataresource.json",
        "name": table.name.replace("_", "-"),
        "path": table.file,
        "type": "table",
        "format": "csv",
        "encoding": "utf-8",
        "description": f"One row is {table.row_is}.",
        "schema": schema,
    }


def _target(reference: str) -> tuple[str, list[str]]:
    table, column = reference.split(".")
    return table, [column]


def _field(column: Column) -> dict[str, object]:
    constraints: dict[str, object] = {}
    if column.required and not column.may_be_nr:
        constraints["required"] = True
    if column.allowed:
        constraints["enum"] = list(column.allowed)
    if column.low is not None:
        constraints["minimum"] = column.low
    if column.high is not None:
        constraints["maximum"] = column.high
    kind = _TYPES.get(column.type, "string")
    field: dict[str, object] = {
        "name": column.name,
        "type": kind,
        "description": column.meaning,
    }
    if column.type == "url":
        field["format"] = "uri"
    if constraints:
        field["constraints"] = constraints
    return field


def dictionary() -> str:
    """Return the data dictionary as Markdown."""
    parts = [_INTRO]
    for table in TABLES:
        need = "required" if table.required else "optional"
        parts.append(
            f"## `{table.file}` ({need})\n\n"
            f"One row is {table.row_is}. Unique by {', '.join(f'`{k}`' for k in table.key)}.\n\n"
            f"| column | meaning | holds | may be empty | may be {NOT_REPORTED} |\n"
            "|---|---|---|---|---|"
        )
        parts[-1] += "".join(
            f"\n| `{column.name}` | {column.meaning} | {_holds(column)} "
            f"| {'no' if column.required else 'yes'} | {'yes' if column.may_be_nr else 'no'} |"
            for column in table.columns
        )
        if table is RISK_OF_BIAS:
            parts.append(_bias_tools())
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _bias_tools() -> str:
    """The domains and words of every tool, as `risk_of_bias.csv` writes them."""
    lines = ["| tool | domains | judgements, best first | overall |", "|---|---|---|---|"]
    for tool in bias_tools():
        domains = ", ".join(f"`{domain.name}`" for domain in tool.domains)
        words = ", ".join(f"`{word}`" for word in tool.words)
        overall = "the worst domain is proposed" if tool.rule == "worst" else "none is proposed"
        lines.append(f"| `{tool.name}` ({tool.version}) | {domains} | {words} | {overall} |")
    return "\n".join(lines)


def _holds(column: Column) -> str:
    if column.references:
        return f"an id of `{column.references}`"
    if column.allowed:
        return ", ".join(f"`{value}`" for value in column.allowed)
    names = {
        "id": "an id (a-z, 0-9, _)",
        "text": "text",
        "url": "a web address",
        "integer": "a whole number",
        "number": "a number",
    }
    limits = [f"from {column.low:g}"] if column.low is not None else []
    limits += [f"to {column.high:g}"] if column.high is not None else []
    return " ".join([names[column.type], *limits])


def write(evidence: Path) -> None:
    """Write the dictionary, and a descriptor for each base, under the `evidence` folder."""
    (evidence / "README.md").write_text(dictionary(), encoding="utf-8", newline="\n")
    for folder in sorted(path.parent for path in evidence.glob("*/review.toml")):
        text = json.dumps(datapackage(folder), indent=2, ensure_ascii=False)
        (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
