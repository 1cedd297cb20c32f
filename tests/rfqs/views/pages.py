"""Reading what a page says, and counting what it asks the database."""

from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def statements():
    """Collect the statements of a block; savepoints, which only tests need, left out."""
    found = []
    with CaptureQueriesContext(connection) as context:
        yield found
    found += [
        query["sql"]
        for query in context.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK TO"))
    ]


def draft_post(rfq, rows=(), **changes):
    """What a browser posts from the editor: the stored head, these rows of the grid."""
    data = {
        "version": rfq.version,
        "title": rfq.title,
        "priority": rfq.priority,
        "tax_basis": rfq.tax_basis,
        "quantity_basis": rfq.quantity_basis,
        "incomplete_basis": rfq.incomplete_basis,
        "split_basis": rfq.split_basis,
        "interest_percent": "0",
        "credit_days": "30",
    }
    return data | grid_post(rows) | changes


def grid_post(rows):
    """The fields of these rows of a grid of lines."""
    data = {"l-TOTAL_FORMS": str(len(rows))}
    for index, row in enumerate(rows):
        data |= {f"l-{index}-{name}": value for name, value in row.items()}
    return data


BOLT = {"description": "Hex bolt", "quantity": "1,250.5", "unit": "H87", "gst_percent": "18%"}


def at_version(story, data=None):
    """What a page posts that was made from the draft award as it is stored."""
    award = story.rfq.awards.first()
    return (data or {}) | {"version": award.version if award else 0}
