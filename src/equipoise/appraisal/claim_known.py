"""Where claims are looked up: the comparisons of every outcome, and what was read of a source."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from equipoise.effects.estimates import estimates
from equipoise.evidence.base import Evidence
from equipoise.evidence.columns import NOT_REPORTED
from equipoise.evidence.records import Record, records


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about outcomes; each is compared, and each measure computed, once."""

    evidence: Evidence
    _tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    _rows: dict[tuple[str, str], tuple[Record, ...]] = field(default_factory=dict)

    def rows(self, outcome: str, measure: str) -> tuple[Record, ...]:
        """Return the comparisons of an outcome with their estimates."""
        if outcome not in self._tables:
            self._tables[outcome] = self.evidence.comparison(outcome)
        if (outcome, measure) not in self._rows:
            frame = estimates(self._tables[outcome], measure)
            self._rows[outcome, measure] = tuple(records(frame))
        return self._rows[outcome, measure]

    def measures(self, outcome: str) -> tuple[str, ...]:
        """Return the measures that show a direction: the planned one, then changes in people."""
        planned = self.evidence.analysis(outcome).measure
        binary = self.evidence.outcome(outcome)["kind"] == "binary"
        return (planned,) if binary else tuple(dict.fromkeys((planned, "MC")))

    def studies_of(self, source: str) -> set[str]:
        """Return the studies whose own paper a document is."""
        studies = self.evidence.tables["studies"]
        return set(studies.loc[studies["source_id"] == source, "study_id"]) if source else set()

    def verdict_on_silence(self, claim: Record) -> str:
        """Return the verdict if nothing is found.

        Only a study that was read in full can lack what it is cited for; and what was looked for
        and not found is no source.
        """
        cited = claim["cited_source_id"]
        sources = self.evidence.tables["sources"]
        in_full = (sources.loc[sources["source_id"] == cited, "read"] == "full_text").any()
        lacks_it = cited == NOT_REPORTED or (in_full and self.studies_of(cited))
        return "not in source" if lacks_it else "not verifiable"
