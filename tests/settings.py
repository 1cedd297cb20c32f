"""The real settings, sealed from the machine's environment and made fast for tests.

The servers are started by tests.plugin_servers; here only their addresses are needed.
"""

import os
import tempfile
from pathlib import Path

_BASE = Path(__file__).resolve().parent.parent
_KEPT = {"DATA", "DATABASE_URL", "REDIS_URL"}
_SEALED = {
    "ENVIRONMENT": "development",
    "SECRET_KEY": "only-for-tests",
    "SITE_URL": "http://testserver",
    "DEBUG": "false",
    "HTTPS": "false",
    "DB_POOL_SIZE": os.environ.get("SOAK_POOL_SIZE", "0"),  # of web processes beside a test alone
    "DEMO_SIGN_INS": "false",
    "EMAIL_URL": "memorymail://",
    "LOG_LEVEL": "WARNING",
}
# What .env would set is set already, so that a developer's own values change no test.
os.environ.update(_SEALED)
for _name in _KEPT - os.environ.keys():
    os.environ[_name] = ""
os.environ["DATA"] = os.environ["DATA"] or str(_BASE / ".data" / "test")

from quoteflow.settings import *  # noqa: E402, F403
from quoteflow.settings import CACHES, DATABASES, REDIS_URL  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # nothing is collected for a test run
MEDIA_ROOT = Path(tempfile.gettempdir()) / f"quoteflow-test-media-{os.getuid()}"
DATABASES["default"]["CONN_MAX_AGE"] = 0

# Each parallel process counts and caches in a database of its own, as it has its own tables.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
if REDIS_URL.startswith("unix:"):
    for _cache in CACHES.values():
        _cache["LOCATION"] = f"{REDIS_URL}?db={int(_WORKER) + 1}"
