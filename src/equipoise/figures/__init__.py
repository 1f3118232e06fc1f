"""Figures: one function a file, a summary or a table in, Axes out.

Functions are called like the file they stand in, so that `figures.forest` is the function. What
a figure module needs of `drawn.py` it imports from there by name, since `figures.drawn` is the
function too.
"""

from equipoise.figures.baujat import baujat
from equipoise.figures.before_after import before_after
from equipoise.figures.bias_bars import bias_bars
from equipoise.figures.claims_table import claims_table
from equipoise.figures.cumulative import cumulative
from equipoise.figures.drapery import drapery
from equipoise.figures.drawn import drawn, save
from equipoise.figures.effect_direction import effect_direction
from equipoise.figures.evidence_map import evidence_map
from equipoise.figures.forest import forest
from equipoise.figures.funnel import funnel
from equipoise.figures.harvest import harvest
from equipoise.figures.icon_array import icon_array
from equipoise.figures.labbe import labbe
from equipoise.figures.leave_one_out import leave_one_out
from equipoise.figures.natural_course import natural_course
from equipoise.figures.orchard import orchard
from equipoise.figures.outcomes import outcomes
from equipoise.figures.prisma_flow import prisma_flow
from equipoise.figures.radial import radial
from equipoise.figures.tau2_profile import tau2_profile
from equipoise.figures.traffic_lights import traffic_lights
from equipoise.figures.two_groups import two_groups

__all__ = [
    "baujat",
    "before_after",
    "bias_bars",
    "claims_table",
    "cumulative",
    "drapery",
    "drawn",
    "effect_direction",
    "evidence_map",
    "forest",
    "funnel",
    "harvest",
    "icon_array",
    "labbe",
    "leave_one_out",
    "natural_course",
    "orchard",
    "outcomes",
    "prisma_flow",
    "radial",
    "save",
    "tau2_profile",
    "traffic_lights",
    "two_groups",
]
