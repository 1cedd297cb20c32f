"""The comparison as a page shows it: words and strings made from a sheet, nothing computed anew."""

from rfqs.matrix.differing import Difference, gap_differences, pick_differences
from rfqs.matrix.options import Options
from rfqs.matrix.picking import Picks, all_to, lowest_per_line
from rfqs.matrix.scenarios import Scenario, scenarios_of
from rfqs.matrix.table import Matrix, build

__all__ = [
    "Difference",
    "Matrix",
    "Options",
    "Picks",
    "Scenario",
    "all_to",
    "build",
    "gap_differences",
    "lowest_per_line",
    "pick_differences",
    "scenarios_of",
]
