"""Files: given only to those who see the request, never shown in place, noted when taken."""

import errno
import os

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quoteflow.audit.models import AuditEvent
from rfqs.actions import attaching, drafting, quoting
from rfqs.models import Attachment
from tests import stories
from tests.conftest import signed_in
from tests.factories import BuyerFactory

PDF = b"%PDF-1.4 drawing"


def upload(name="drawing.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def attached(story, name="Zeichnung für Süd.pdf", kind="drawing"):
    file = upload(name)
    return attaching.attach(rfq_id=story.rfq.pk, kind=kind, upload=file, by=story.buyer)


def url(story, file):
    return f"/rfqs/{story.rfq.number}/files/{file.pk}/"


def test_a_download_is_an_attachment_that_no_browser_runs(db):
    story = stories.drafted()

    response = signed_in(story.buyer).get(url(story, attached(story)))

    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''Zeichnung%20f%C3%BCr%20S%C3%BCd.pdf"
    )
    assert (response["Content-Type"], response["Cache-Control"]) == ("application/pdf", "no-store")
    assert response["X-Content-Type-Options"] == "nosniff"
    policy = response["Content-Security-Policy"].split("; ")
    assert {"sandbox", "default-src 'none'"} <= set(policy)


def test_a_download_is_noted(db):
    story = stories.drafted()
    file = attached(story, "a.pdf")

    response = signed_in(story.buyer).get(url(story, file))
    assert b"".join(response.streaming_content) == PDF

    event = AuditEvent.objects.get_queryset().of(story.rfq.pk).last()
    assert (event.verb, event.actor, event.after) == (
        "rfq.download",
        story.buyer,
        {"name": "a.pdf", "version": 1},
    )


def test_strangers_get_no_file(db):
    story, other = stories.drafted(), stories.drafted()
    file = attached(story)

    assert signed_in(BuyerFactory(sites=[])).get(url(story, file)).status_code == 404
    assert signed_in(other.buyer).get(url(other, file)).status_code == 404
    assert Client().get(url(story, file)).status_code == 302


def test_the_source_of_a_sealed_quotation_stays_shut_until_the_opening(db):
    story = stories.opened(is_sealed=True)
    line = story.rfq.lines.get()
    quoting.capture(
        rfq_id=story.rfq.pk, supplier_id=story.suppliers[0].pk, by=story.buyer,
        head={"currency": "INR"}, lines={line.pk: {"unit_price": 5}},
        receipt=quoting.Receipt("mail", story.rfq.published_at, upload=upload("Kaveri.pdf")),
    )  # fmt: skip
    client = signed_in(story.buyer)
    file = Attachment.objects.get()

    listed = client.get(f"/rfqs/{story.rfq.number}/files/").content.decode()
    told = client.get(f"/rfqs/{story.rfq.number}/activity/").content.decode()

    assert client.get(url(story, file)).status_code == 404
    assert ("Kaveri" in listed, "1 file of a sealed quotation" in listed) == (False, True)
    assert ("Kaveri" in told, "attached a sealed file" in told) == (False, True)


def test_attaching_keeps_the_file_and_shows_it(db):
    story = stories.drafted()
    client = signed_in(story.buyer)
    target = f"/rfqs/{story.rfq.number}/files/attach/"

    response = client.post(target, {"upload": upload("plan.pdf"), "kind": "drawing"})

    assert response.url == f"/rfqs/{story.rfq.number}/files/"
    assert "plan.pdf" in client.get(response.url).content.decode()
    back = client.post(target, {"upload": upload("b.pdf"), "kind": "drawing", "next": "edit"})
    assert back.url == f"/rfqs/{story.rfq.number}/edit/"


@pytest.mark.parametrize(
    ("data", "status"), [({}, 422), ({"upload": ("x.exe", b"MZ"), "kind": "drawing"}, 422)]
)
def test_a_file_that_cannot_be_kept_is_refused_on_the_tab(db, data, status):
    story = stories.drafted()
    if "upload" in data:
        data = data | {"upload": upload(*data["upload"])}

    response = signed_in(story.buyer).post(f"/rfqs/{story.rfq.number}/files/attach/", data)

    assert response.status_code == status
    assert ('id="files"' in response.content.decode(), Attachment.objects.count()) == (True, 0)


class FullDisk(FileSystemStorage):
    """A disk with room for four bytes."""

    def _save(self, name, content):
        super()._save(name, ContentFile(content.read(4)))
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_refuses_the_file_and_keeps_nothing_of_it(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    full = {"BACKEND": f"{__name__}.FullDisk"}
    settings.STORAGES = settings.STORAGES | {"default": full}
    story = stories.drafted()

    response = signed_in(story.buyer).post(
        f"/rfqs/{story.rfq.number}/files/attach/", {"upload": upload(), "kind": "drawing"}
    )

    assert (response.status_code, Attachment.objects.count()) == (507, 0)
    assert "has no room for the file" in response.content.decode()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_reader_attaches_nothing(db):
    story = stories.submitted()

    client = signed_in(story.approver)
    response = client.post(
        f"/rfqs/{story.rfq.number}/files/attach/", {"upload": upload(), "kind": "other"}
    )

    assert (response.status_code, Attachment.objects.count()) == (403, 0)
    assert "Attach a file" not in client.get(f"/rfqs/{story.rfq.number}/files/").content.decode()


def test_a_stranger_attaches_nothing(db):
    story = stories.drafted()
    target = f"/rfqs/{story.rfq.number}/files/attach/"

    answers = [
        client.post(target, {"upload": upload(), "kind": "drawing"})
        for client in (signed_in(BuyerFactory(sites=[])), Client())
    ]

    assert [answer.status_code for answer in answers] == [404, 302]
    assert (signed_in(story.buyer).get(target).status_code, Attachment.objects.count()) == (405, 0)


@pytest.mark.parametrize("state", ["approved", "cancelled"])
def test_a_request_that_has_ended_takes_no_file_and_says_so(db, state):
    story = stories.approved() if state == "approved" else stories.opened()
    if state == "cancelled":
        drafting.cancel(rfq_id=story.rfq.pk, by=story.buyer, reason="no need any more")

    answer = signed_in(story.buyer).post(
        f"/rfqs/{story.rfq.number}/files/attach/", {"upload": upload(), "kind": "other"}
    )

    assert (answer.status_code, Attachment.objects.count()) == (409, 0)
    assert "no file is added to it any more" in answer.content.decode()


def test_a_download_is_read_only(db):
    story = stories.drafted()
    file = attached(story)

    assert signed_in(story.buyer).post(url(story, file)).status_code == 405
