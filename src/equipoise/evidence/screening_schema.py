"""The table of PRISMA 2020 boxes, for `schema`."""

from equipoise.evidence.columns import Column, Table, identifier, text

SCREENING = Table(
    name="screening",
    row_is="a box of the PRISMA 2020 flow diagram",
    key=("data", "detail"),
    columns=(
        identifier("data", "the PRISMA 2020 key of the box"),
        Column(
            name="n", type="integer", meaning="records, reports or studies", required=True, low=0
        ),
        text("detail", "the reason or the database, where a row is a part of its box"),
    ),
)
