"""The 13 trials of BCG vaccine: the counts that textbooks use, and the effects metafor finds."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import equipoise as eq
from equipoise.evidence.columns import NOT_REPORTED

BASE = Path(__file__).parents[2] / "evidence" / "bcg_vaccine"

# dat.bcg of the R package metadat 1.2-0, in its order: cases and others among the vaccinated, then
# among the rest; absolute latitude; allocation. Effect and variance: escalc(measure="RR") of
# metafor 3.8-1.
TRIALS = """
aronson1948 4 119 11 128 44 random -0.8893113339202054 0.32558476500396133
ferguson1949 6 300 29 274 55 random -1.5853886572014306 0.19458112139814385
rosenthal1960 3 228 11 209 42 random -1.3480731482996933 0.4153679653679654
hart1977 62 13536 248 12619 52 random -1.4415511900213054 0.020010031902247573
frimodt_moller1973 33 5036 47 5761 13 alternate -0.21754732221129558 0.05121017216963086
stein1953 180 1361 372 1079 44 alternate -0.786115585818864 0.0069056184559087574
vandiviere1973 8 2537 10 619 19 random -1.6208982235983918 0.22301724757231517
tpt_madras1980 505 87886 499 87892 13 random 0.011952333523840508 0.0039615792978177295
coetzee1968 29 7470 45 7232 27 random -0.4694176487381494 0.056434210463248966
rosenthal1961 17 1699 65 1600 42 systematic -1.3713448034727844 0.07302479361302891
comstock1974 186 50448 141 27197 18 systematic -0.3393588283383906 0.01241221397155972
comstock1969 5 2493 3 2338 33 systematic 0.44591340057137874 0.5325058452001528
comstock1976 27 16886 29 17825 33 systematic -0.017313948216879815 0.0714046596839863
"""
COLUMNS = "study_id cases others control_cases control_others latitude allocation effect variance"


@pytest.fixture(scope="module")
def bcg() -> eq.Evidence:
    return eq.load_evidence(BASE)


@pytest.fixture(scope="module")
def trials() -> pd.DataFrame:
    frame = pd.DataFrame(
        [line.split() for line in TRIALS.split("\n")[1:-1]], columns=COLUMNS.split()
    )
    words = ["study_id", "allocation"]
    return frame.astype({name: float for name in frame if name not in words})


def test_there_are_thirteen_trials_in_the_order_of_the_data_set(
    bcg: eq.Evidence, trials: pd.DataFrame
) -> None:
    table = bcg.comparison("tuberculosis")
    assert len(table) == 13
    assert table["study_id"].tolist() == trials["study_id"].tolist()
    assert table["label"].is_unique


def test_the_counts_are_those_of_the_data_set(bcg: eq.Evidence, trials: pd.DataFrame) -> None:
    table = bcg.comparison("tuberculosis")
    assert table["events_treatment"].tolist() == trials["cases"].tolist()
    assert table["n_treatment"].tolist() == (trials["cases"] + trials["others"]).tolist()
    assert table["events_control"].tolist() == trials["control_cases"].tolist()
    control = trials["control_cases"] + trials["control_others"]
    assert table["n_control"].tolist() == control.tolist()


def test_the_counts_add_up_to_the_known_totals(bcg: eq.Evidence) -> None:
    table = bcg.comparison("tuberculosis")
    names = ["events_treatment", "n_treatment", "events_control", "n_control"]
    assert table[names].sum().tolist() == [1065, 191064, 1510, 166283]
    assert bcg.table("studies")["n_analysed"].sum() == 191064 + 166283


def test_the_risk_ratios_are_those_of_metafor(bcg: eq.Evidence, trials: pd.DataFrame) -> None:
    effects = eq.effect_sizes(bcg.comparison("tuberculosis"), "RR")
    for column in ("effect", "variance"):
        np.testing.assert_allclose(effects[column], trials[column], rtol=1e-10, atol=0)


def test_every_trial_keeps_how_it_allocated_people(bcg: eq.Evidence, trials: pd.DataFrame) -> None:
    allocation = bcg.comparison("tuberculosis")["allocation"]
    assert Counter(allocation) == {"random": 7, "alternate": 2, "systematic": 4}
    assert allocation.tolist() == trials["allocation"].tolist()


def test_every_trial_keeps_its_latitude(bcg: eq.Evidence, trials: pd.DataFrame) -> None:
    latitude = bcg.comparison("tuberculosis")["latitude"]
    assert latitude.astype(float).tolist() == trials["latitude"].tolist()


def test_only_trials_by_chance_may_have_people_assigned_by_chance(
    bcg: eq.Evidence, trials: pd.DataFrame
) -> None:
    written = bcg.cells["studies"]["n_randomised"]
    by_chance = trials["allocation"] == "random"
    assert (written[by_chance] == NOT_REPORTED).all()
    assert (written[~by_chance] == "").all()


def test_every_number_names_the_document_it_was_read_in(bcg: eq.Evidence) -> None:
    sources = bcg.table("sources").set_index("source_id")
    assert set(bcg.table("results")["source_id"]) == {"metadat_dat_bcg"}
    assert set(bcg.table("studies")["source_id"]) == {"colditz1994"}
    assert sources.loc["colditz1994", "doi"] == "10.1001/jama.1994.03510330076038"
    assert sources.loc["metadat_dat_bcg", "read"] == "full_text"


def test_no_paper_is_said_to_have_been_read(bcg: eq.Evidence) -> None:
    read = bcg.table("sources").set_index("source_id")["read"]
    assert set(read.drop("metadat_dat_bcg")) == {"not_read"}
    for name in ("studies", "arms", "results"):
        assert set(bcg.table(name)["confidence"]) == {"secondary"}
