"""The tables of the library: uses that are counted, and forms that were carried out."""

from django.db import models


class Bucket(models.Model):
    """Uses of one limit by one key in the running window; see `quoteflow.lib.buckets`."""

    key = models.CharField(primary_key=True, max_length=64)  # a keyed hash: no address is stored
    used = models.PositiveIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="lib_bucket_over")]

    def __str__(self) -> str:
        return f"{self.used} until {self.ends_at}"


class Sending(models.Model):
    """A form that made something, so that sending it again makes nothing; see `quoteflow.lib.once`."""

    key = models.UUIDField()  # of the form
    owner = models.UUIDField()  # who sent it
    body = models.CharField(max_length=64)  # a keyed hash of what was sent
    subject = models.UUIDField()  # the id of what it made
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "owner"], name="lib_sending_once")]
        indexes = [models.Index(fields=["sent_at"], name="lib_sending_over")]

    def __str__(self) -> str:
        return str(self.key)
