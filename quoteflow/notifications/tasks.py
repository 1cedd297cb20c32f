"""The worker's side of the outbox, and the sweep that makes up for a lost job."""

from datetime import timedelta

from asgiref.sync import sync_to_async
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from quoteflow.lib import buckets, once
from quoteflow.notifications import digest, outbox
from quoteflow.notifications.models import OutboxMessage, State

BACKOFF = RetryStrategy(max_attempts=outbox.ATTEMPTS, exponential_wait=outbox.WAIT)


class NotDelivered(Exception):
    """The mail server refused for now; the job is tried again."""


@app.task(name="quoteflow.notifications.deliver", queue="mail", retry=BACKOFF)
def deliver(message_id: str) -> None:
    """Send one message of the outbox."""
    if outbox.deliver(message_id) == State.QUEUED:
        raise NotDelivered(message_id)


@app.task(name="quoteflow.notifications.hand_out", queue="mail", retry=BACKOFF)
def hand_out(message_ids: list[str]) -> None:
    """Make messages that were promised together a job each, so that each is tried again by itself."""
    outbox.queue_each(message_ids)


@app.periodic(cron="* * * * *")
@app.task(name="quoteflow.notifications.sweep", queueing_lock="sweep", pass_context=True)
def sweep(context: JobContext, timestamp: int) -> None:
    """Every minute: requeue jobs of dead workers, and queue messages whose job was lost."""
    late = timezone.now() - timedelta(minutes=10)
    lost = (
        OutboxMessage.objects.due().filter(not_before__lt=late).values_list("pk", flat=True)[:500]
    )
    outbox.queue_each(str(pk) for pk in lost)


@app.periodic(cron="*/2 * * * *")
@app.task(name="quoteflow.notifications.rescue", queueing_lock="rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Give the jobs of workers that died without a word back to the queue."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


@app.periodic(cron="30 2 * * *")
@app.task(name="quoteflow.notifications.digest", queueing_lock="digest")
def send_digests(timestamp: int) -> None:
    """Every morning, eight o'clock in India: one mail for those who want their notices together."""
    digest.send_all()


@app.periodic(cron="17 3 * * *")
@app.task(name="quoteflow.notifications.tidy", queueing_lock="tidy", pass_context=True)
async def tidy(context: JobContext, timestamp: int) -> None:
    """Every night: forget finished jobs after a week, who guessed what long ago, and forms that are done."""
    await app.job_manager.delete_old_jobs(nb_hours=7 * 24, include_failed=False)
    await sync_to_async(buckets.forget_over)()
    await sync_to_async(once.forget_over)()
