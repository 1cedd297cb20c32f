"""How gunicorn serves QuoteFlow: threads, as many processes as cores, the code loaded once.

`gunicorn --config quoteflow/gunicorn.py --bind ADDRESS quoteflow.wsgi:application`
"""

import gc
import os
from pathlib import Path
from typing import Any

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or os.cpu_count() or 1)
threads = 8
preload_app = True
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 2000  # a slow leak never grows old
max_requests_jitter = 200
accesslog = None  # quoteflow.lib.jsonlog writes one line of facts per request
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "quoteflow.lib.jsonlog.JsonFormatter"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json",
        }
    },
    "root": {"level": "INFO", "handlers": ["stdout"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["stdout"], "propagate": False}},
}
control_socket_disable = True
if Path("/dev/shm").is_dir():  # noqa: S108 - heartbeats must not wait for a busy disk
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def pre_fork(server: Any, worker: Any) -> None:
    """Close what the code opened while it was loaded: a fork must not share a connection."""
    from django.db import connections  # noqa: PLC0415 - only once the application is there

    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    gc.freeze()  # the code stays: no worker needs to search it for garbage, or copy it by doing so
