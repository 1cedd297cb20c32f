"""The comparison as a page shows it: words and strings made from a sheet, nothing computed anew."""

from rfqs.matrix.options import Options
from rfqs.matrix.picking import Picks, all_to, lowest_per_line
from rfqs.matrix.scenarios import Scenario, scenarios_of
from rfqs.matrix.table import Matrix, build

__all__ = [
    "Matrix",
    "Options",
    "Picks",
    "Scenario",
    "all_to",
    "build",
    "lowest_per_line",
    "scenarios_of",
]
