"""Figures: one function a file, a summary or a table in, Axes out.

Functions are called like the file they stand in, so that `figures.forest` is the function. What
a figure module needs of `drawn.py` it imports from there by name, since `figures.drawn` is the
function too.
"""

from equipoise.figures.before_after import before_after
from equipoise.figures.bias_bars import bias_bars
from equipoise.figures.claims_table import claims_table
from equipoise.figures.drawn import drawn, save
from equipoise.figures.effect_direction import effect_direction
from equipoise.figures.evidence_map import evidence_map
from equipoise.figures.forest import forest
from equipoise.figures.harvest import harvest
from equipoise.figures.icon_array import icon_array
from equipoise.figures.natural_course import natural_course
from equipoise.figures.outcomes import outcomes
from equipoise.figures.prisma_flow import prisma_flow
from equipoise.figures.traffic_lights import traffic_lights
from equipoise.figures.two_groups import two_groups

__all__ = [
    "before_after",
    "bias_bars",
    "claims_table",
    "drawn",
    "effect_direction",
    "evidence_map",
    "forest",
    "harvest",
    "icon_array",
    "natural_course",
    "outcomes",
    "prisma_flow",
    "save",
    "traffic_lights",
    "two_groups",
]
