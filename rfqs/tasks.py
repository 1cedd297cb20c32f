"""What the clock does to requests; the worker's periodic jobs run it."""

from procrastinate.contrib.django import app

from rfqs.actions import reminding


@app.periodic(cron="*/10 * * * *")
@app.task(name="rfqs.remind", queueing_lock="remind")
def remind(timestamp: int) -> None:
    """Every ten minutes: remind suppliers of requests that close soon."""
    reminding.remind_due()
