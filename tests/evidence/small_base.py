# ruff: noqa: E501 (a row of a table is one line)
"""A small, invented evidence base in which every table is present and everything is sound."""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

from equipoise.evidence.schema import TABLES, table

HEADERS = {t.file: [column.name for column in t.columns] for t in TABLES}

# One string a row; cells are separated by bars, and what is left out at the end is empty.
ROWS = {
    "sources": """
        src_alpha|journal_article|Alpha A. A trial. Journal 1:1-9|2001|10.1/a|https://example.org/a|full_text|no
        src_beta|journal_article|Beta B. A cohort. Journal 2:1-9|2005|NR|https://example.org/b|abstract|no
        src_gamma|journal_article|Gamma G. Measurements. Journal 3:1-9|2010|NR|NR|excerpt|unclear
        src_delta|thesis|Delta D. Everybody treated|1999|||full_text|no
        src_review|systematic_review|Epsilon E. A review|2015|10.1/e|http://example.org/e|not_read|no
        src_zeta|trial_registration|Zeta Z. Three doses|2020|NR|https://example.org/z|full_text|yes
        src_page|web_article|A page that sells the device|NR|NR|https://example.org/p?q=1|full_text|yes|Sells it
    """,
    "studies": """
        alpha2001|Alpha 2001|src_alpha|2001|UK|rct|random|direct|a sore back|Adults|One clinic||62|60|58||public|NR|yes|yes|NR|NR|primary
        beta2005|Beta 2005|src_beta|2005|NR|nrsi_controlled||direct|a sore back|Adults|NR||80||NR||NR|NR|NR|NR||NR|primary
        gamma2010|Gamma 2010|src_gamma|2010|NR|within_subject||direct|nothing|Volunteers|NR||12||12||none|None declared|no|no|||primary
        delta1999|Delta 1999|src_delta|1999|Malta|single_arm||direct|a sore back|NR|NR||25||25||industry|NR|no|no|||secondary
        epsilon2015|Epsilon 2015|src_review|2015||systematic_review||indirect|a sore neck|Adults in 9 trials||||812|||mixed|NR|NR|NR|||peer_reviewed
        zeta2020|Zeta 2020|src_zeta|2020|NR|rct|random|direct|a sore back|Adults|NR||61|60|54||NR|NR|yes|NR|NCT1|Box|primary
    """,
    "arms": """
        alpha2001|drug|intervention|The device|30|src_alpha|primary
        alpha2001|placebo|control|A device that does nothing|30|src_alpha|primary
        beta2005|treated|intervention|The device|40|src_beta|primary
        beta2005|untreated|control|Nothing|NR|src_beta|primary
        gamma2010|people|intervention|Lying on the device|12|src_gamma|primary
        delta1999|people|intervention|The device at home|25|src_delta|secondary
        epsilon2015|pooled|intervention|Similar devices|NR|src_review|peer_reviewed
        epsilon2015|comparison|control|Sham or nothing|NR|src_review|peer_reviewed
        zeta2020|low|intervention|Ten minutes|20|src_zeta|primary
        zeta2020|sham|control|A device that does nothing|40|src_zeta|primary
    """,
    "outcomes": """
        relapse|Relapse|binary|lower|clinician|critical|course|had a relapse|||Pain came back
        cured|Cured|binary|higher|self_report|critical|course|were cured|||Says so
        headache|Headache|binary|lower|self_report|important|harm|had a headache|||NR
        pain|Pain|continuous|lower|self_report|critical|pain||points|10|0 to 100
        iop|Eye pressure|continuous|lower|objective|important|harm||mmHg||Pressure in the eye
        falls|Falls|rate|lower|objective|important|harm||falls a year||Falls counted in diaries
    """,
    "results": """
        alpha2001|relapse|drug|12 weeks|12||6|30|20||||||||||src_alpha|primary|As printed
        alpha2001|relapse|placebo|12 weeks|12||12|28|42.9||||||||||src_alpha|primary
        beta2005|cured|treated|1 year|52||NR|NR|55|about|||||||||src_beta|primary
        beta2005|cured|untreated|1 year|52||NR|NR|41||||||||||src_beta|primary
        gamma2010|iop|people|Lying down||before||12|||14.2|2.1|||||||src_gamma|primary
        gamma2010|iop|people|Lying down||after||12|||21.0|3|||||||src_gamma|primary
        delta1999|headache|people|4 weeks|4||3|25|||||||||||src_delta|secondary
        zeta2020|pain|low|6 weeks|6|||18|||31.5|9.5|2.2|30|24|38|10|60|src_zeta|primary
        zeta2020|pain|sham|6 weeks|6|||36|||44.0|10.0|1.7|43.5|37|50|20|75|src_zeta|primary
        zeta2020|falls|low|6 weeks|6|||NR|||NR|NR|||||||src_zeta|primary
    """,
    "contrasts": """
        alpha2001|relapse|drug|placebo|12 weeks|12|RR|0.47|0.20|1.08|95||NR|58|arm_2|src_alpha|primary
        alpha2001|relapse|drug|placebo|12 weeks|12|OR|0.33|0.10|1.05|||NR|58|arm_2|src_alpha|derived|Worked out
        epsilon2015|pain|pooled|comparison|Short term|NR|SMD|0.44|0.11|0.77||NR|NR|NR|arm_1|src_review|peer_reviewed
        epsilon2015|cured|pooled|comparison|Short term|NR|RR|1.25|1.00|1.60|90||NR|812|arm_1|src_review|peer_reviewed
        zeta2020|pain|low|sham|6 weeks|6|MD|-12.5|-18.0|-7.0||2.8|0.0001|54|arm_2|src_zeta|primary
        beta2005|cured|treated|untreated|1 year|52|RD|NR|NR|NR|||NR|NR|arm_1|src_beta|primary
    """,
    "context": """
        course_0|natural_history|Course|Mean pain|52|48|56|points out of 100|0|Adults|pain relapse|src_review|primary
        course_6|natural_history|Course|Mean pain|23|21|25|points out of 100|6|Adults|pain relapse|src_review|primary
        course_52|natural_history|Course|Mean pain|6|3|10|points out of 100|52|Adults|pain relapse|src_review|primary
        how_common|burden|Burden|Share of adults|7.5|||percent||NR||src_beta|secondary
        small_change|minimal_important_change|Small|Smallest change noticed|10||20|points||Adults|pain|src_zeta|primary
        sponsors|methods_research|Sponsors|Ratio|1.3|1.2|1.4|ratio||||src_page|secondary|About sponsors
    """,
    "claims": """
        c_halved|src_page|effect|Half as many relapses|relapse|relative_reduction_percent|about|50|Nothing|NR|Adults|yes|src_alpha
        c_cured|src_page|effect|More than 50 percent were cured|cured|percent|more_than|50|NR|1 year|NR|no|src_beta
        c_lifts|src_page|mechanism|It lifts the spine||||||||yes
        c_few|src_page|evidence_base|There are few studies||few_studies||||||no
        c_trials|src_page|evidence_base|There are 2 randomised trials||randomised_trials||2||||no
        c_eyes|src_page|safety|It is gentle to the eyes|iop|||||||no|||A word of caution is missing
    """,
    "risk_of_bias": """
        alpha2001|relapse|RoB2|randomization process|low|Sealed envelopes
        alpha2001|relapse|RoB2|missing outcome data|some concerns|Two people were lost
        alpha2001|relapse|RoB2|overall|some concerns|One domain
        beta2005|cured|ROBINS-I|confounding|serious|Those who chose it were younger
        beta2005|cured|ROBINS-I|overall|serious|One domain
        zeta2020|pain|RoB2|overall|low|Every domain
    """,
    "certainty": """
        relapse|overall|low|One small trial|A. Reader
        relapse|imprecision|-2|18 events|A. Reader
        cured|overall|very_low|Nobody was allocated by chance|A. Reader
        cured|risk_of_bias|-2|They chose|A. Reader
        pain|overall|moderate|One trial|B. Reader
        pain|imprecision|-1|54 people|B. Reader
    """,
    "safety": """
        Glaucoma|contraindication|Eye pressure rises|||src_page|secondary
        Glaucoma|caution|Eye pressure rises|||src_gamma|primary
        Headache|reported_harm|NR|3|25|src_delta|secondary
        Pregnancy|caution|NR|||src_page|secondary
        A fall|reported_harm|The strap gave way|1|NR|src_zeta|primary
        High blood pressure|contraindication|It rises further|||src_page|secondary|Listed first
    """,
    "guidance": """
        tip|Begin with a minute|src_page
        tip|Have somebody beside you|src_page
        mechanism|Weight is taken off the spine|src_page
        alternative|Walking|src_review
        duration|Six weeks|src_zeta
        opinion|Doctors disagree|src_delta|Two of them
    """,
    "screening": """
        database_results|412
        duplicates|40
        records_screened|372
        records_excluded|360
        dbr_assessed|12
        new_studies|6
    """,
}

REVIEW = """\
title = "A device for a sore back"
updated = "2024-02-29"
licence = "MIT"
notebooks = ["one.ipynb"]

[question]
population = "adults"
condition = "a sore back"
intervention = "the device"
comparator = "nothing"
target_weeks = 52

[[analyses]]
id = "relapse"
outcome = "relapse"
measure = "RR"
designs = ["rct"]
baseline_risk = 0.39
baseline_risk_source = "src_alpha"
relative_risk_reduction = 0.2

[[analyses]]
id = "relapse_odds"
outcome = "relapse"
measure = "OR"

[[analyses]]
id = "cured"
outcome = "cured"
measure = "RD"

[[analyses]]
id = "headache"
outcome = "headache"
measure = "PR"

[[analyses]]
id = "pain"
outcome = "pain"
measure = "MD"

[[analyses]]
id = "eyes"
outcome = "iop"
measure = "MC"

[[figures]]
id = "forest"
kind = "forest"
title = "Relapse"
analyses = ["relapse"]

[[figures]]
id = "icons"
kind = "icon_array"
title = "Relapse"
analyses = ["relapse"]
study = "alpha2001"

[[figures]]
id = "all_of_them"
kind = "outcomes"
title = "Everything"
analyses = ["cured", "headache"]

[[figures]]
id = "map"
kind = "evidence_map"
title = "What there is"

[synthesis]
grouping = "By outcome."
method = "Studies are set side by side."
"""


def write_small_base(folder: Path) -> Path:
    """Write the base into a new folder."""
    folder.mkdir()
    for name, block in ROWS.items():
        width = len(table(name).columns)
        rows = [line.strip().split("|") for line in block.strip().splitlines()]
        write_table(folder / f"{name}.csv", [r + [""] * (width - len(r)) for r in rows])
    (folder / "review.toml").write_text(REVIEW, encoding="utf-8")
    return folder


def write_table(path: Path, rows: Iterable[list[str]], header: list[str] | None = None) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADERS[path.name] if header is None else header)
        writer.writerows(rows)


def read_table(path: Path) -> list[list[str]]:
    """Every record of a file, the header among them."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def rewrite(path: Path, change: Callable[[list[list[str]]], None]) -> None:
    """Change the records of a file; record 0 is the header."""
    records = read_table(path)
    change(records)
    write_table(path, records[1:], records[0])


def add_row(folder: Path, file: str, **cells: str) -> None:
    """Put a row at the end of a table; cells that are not named are empty."""

    def change(rows: list[list[str]]) -> None:
        assert set(cells) <= set(rows[0])
        rows.append([cells.get(name, "") for name in rows[0]])

    rewrite(folder / file, change)


def set_cell(folder: Path, file: str, row: int, column: str, value: str) -> None:
    """Write one cell; rows are counted as a spreadsheet counts them."""

    def change(records: list[list[str]]) -> None:
        at = records[0].index(column)
        assert records[row - 1][at] != value, "the cell already holds that"
        records[row - 1][at] = value

    rewrite(folder / file, change)
