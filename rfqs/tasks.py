"""What the clock does to requests; the worker's periodic jobs run it."""

from procrastinate.contrib.django import app

from quoteflow.lib.clock import database_now
from rfqs.actions import reminding, tidying, watching


@app.periodic(cron="*/10 * * * *")
@app.task(name="rfqs.remind", queueing_lock="remind")
def remind(timestamp: int) -> None:
    """Every ten minutes: remind suppliers of requests that close soon."""
    reminding.remind_due()


@app.periodic(cron="*/5 * * * *")
@app.task(name="rfqs.watch_approvals", queueing_lock="watch_approvals")
def watch_approvals(timestamp: int) -> None:
    """Every five minutes: remind of approvals at half of their time limit, escalate when it is over."""
    watching.watch(database_now())


@app.periodic(cron="37 3 * * *")
@app.task(name="rfqs.tidy", queueing_lock="rfqs_tidy")
def tidy(timestamp: int) -> None:
    """Every night: delete files that nobody refers to, and links that have long been dead."""
    now = database_now()
    tidying.sweep_files(now)
    tidying.forget_links(now)
