"""What the clock does to people; the worker's periodic jobs run it."""

from procrastinate.contrib.django import app

from accounts.sessions import SessionStore


@app.periodic(cron="7 3 * * *")
@app.task(name="accounts.tidy", queueing_lock="accounts_tidy")
def tidy(timestamp: int) -> None:
    """Every night: forget the sessions that are over."""
    SessionStore.clear_expired()
