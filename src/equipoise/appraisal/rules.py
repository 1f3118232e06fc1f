"""The table of caveat rules: what each is about, when it fires, what it says, and whose word it is.

Codes are stable. Two rows may share a code when they are two forms of one rule. `rule_of_thumb`
marks thresholds that are customary rather than derived; a review may set its own.
"""

from equipoise.appraisal.caveat import Rule
from equipoise.appraisal.rules_bias import BIAS
from equipoise.appraisal.rules_chance import CHANCE
from equipoise.appraisal.rules_reporting import REPORTING

RULES: tuple[Rule, ...] = tuple(sorted((*BIAS, *REPORTING, *CHANCE), key=lambda rule: rule.code))
