"""The floor: the least that a page of fifty rows costs, as one Django project in one file.

One indexed statement, one Django template of 50 x 8 cells, a connection pool; no middleware, no session, no
form. What a real page costs above it is what the product adds.

`python floor.py ROWS` fills the table; `gunicorn floor:application` serves /rows and /nothing. The database
is the one PGHOST and PGDATABASE name.
"""

import os
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

HERE = Path(__file__).resolve().parent
COLUMNS = ("id", "number", "title", "status", "kind", "currency", "total", "created_at", "buyer")

settings.configure(
    SECRET_KEY="no secret is kept here",  # noqa: S106
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    INSTALLED_APPS=[],
    USE_TZ=True,
    TIME_ZONE="UTC",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": os.environ["PGHOST"],
            "NAME": os.environ["PGDATABASE"],
            "USER": "quoteflow",
            "OPTIONS": {
                "pool": {"min_size": 1, "max_size": int(os.environ.get("DB_POOL_SIZE", "6"))}
            },
        }
    },
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [HERE]}],
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - needs the settings
from django.db import connection  # noqa: E402
from django.template.loader import get_template  # noqa: E402

FILL = """
DROP TABLE IF EXISTS floor_row;
CREATE TABLE floor_row (
  id bigint PRIMARY KEY, number varchar(32) NOT NULL, title varchar(200) NOT NULL, status varchar(16) NOT NULL,
  kind varchar(16) NOT NULL, currency varchar(3) NOT NULL, total numeric(14, 2) NOT NULL,
  created_at timestamptz NOT NULL, buyer varchar(100) NOT NULL);
INSERT INTO floor_row
SELECT g, 'GP-A' || lpad((1 + g %% 20)::text, 3, '0') || '-' || lpad(g::text, 7, '0'),
  (ARRAY['Steel rod', 'Hydraulic pump', 'Ball bearing', 'Air filter', 'Gear motor'])[1 + g %% 5]
    || ' lot ' || g || ' for plant ' || (1 + g %% 20),
  (ARRAY['draft', 'pending', 'pending', 'approved', 'approved', 'approved', 'rejected', 'open'])[1 + g %% 8],
  (ARRAY['goods', 'service', 'transport'])[1 + g %% 3], 'INR', 1000 + (g * 7919) %% 1000000,
  now() - (%(rows)s - g) * interval '5 minutes', 'Buyer ' || (1 + g %% 50)
FROM generate_series(1, %(rows)s) g;
CREATE INDEX ON floor_row (status, created_at DESC, id DESC);
ANALYZE floor_row
"""
READ = f"""
SELECT {", ".join(COLUMNS)} FROM floor_row WHERE status = %s ORDER BY created_at DESC, id DESC LIMIT 50
"""  # noqa: S608 - our own column names
PAGE = get_template("rows.html")


def rows(request: HttpRequest) -> HttpResponse:
    """Fifty rows of one status, newest first: F."""
    with connection.cursor() as cursor:
        cursor.execute(READ, ["pending"])
        found: list[dict[str, Any]] = [
            dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()
        ]
    return HttpResponse(PAGE.render({"rows": found}))


def nothing(request: HttpRequest) -> HttpResponse:
    """The price of an answer."""
    return HttpResponse("ok")


def fill(count: int) -> None:
    """Make the table anew with this many rows."""
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"rows": count})


urlpatterns = [path("rows", rows), path("nothing", nothing)]
application = get_wsgi_application()

if __name__ == "__main__":
    fill(int(sys.argv[1]))
