"""Files: checked, hashed, versioned."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from quoteflow.lib.errors import Incomplete, NotAllowed
from rfqs.actions.attaching import ALLOWED, attach
from rfqs.models import Attachment
from rfqs.states import IllegalTransition
from tests import stories
from tests.trails import last_event

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\nA drawing."


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def put(story, content=PDF, name="drawing.pdf", **changes):
    facts = {"rfq_id": story.rfq.pk, "kind": "drawing", "by": story.buyer} | changes
    return attach(upload=ContentFile(content, name), **facts)


def test_a_file_is_kept_under_a_name_nobody_chose():
    story = stories.drafted()

    kept = put(story)

    assert (kept.name, kept.size, kept.content_type) == ("drawing.pdf", len(PDF), "application/pdf")
    assert kept.sha256 == hashlib.sha256(PDF).hexdigest()
    assert "drawing" not in kept.path
    with default_storage.open(kept.path) as stored:
        assert stored.read() == PDF
    assert last_event(story.rfq).after == {"name": "drawing.pdf", "sha256": kept.sha256}


def test_a_file_of_the_same_name_is_its_next_version():
    story = stories.drafted()

    put(story)
    put(story, content=PDF + b" Changed.")
    put(story, kind="boq")

    rows = Attachment.objects.order_by("kind", "version").values_list("kind", "version")
    assert list(rows) == [("boq", 1), ("drawing", 1), ("drawing", 2)]


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "/etc/passwd.pdf"])
def test_directories_in_a_name_are_dropped(name):
    assert put(stories.drafted(), name=name).name == "passwd.pdf"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.pdf", b"", "is empty"),
        ("page.html", b"<script>", "cannot be stored"),
        ("no-suffix", b"%PDF-", "cannot be stored"),
        ("program.pdf", b"MZ\x90\x00", "cannot be stored"),
        ("picture.svg", b"<svg/>", "cannot be stored"),
        ("renamed.png", PDF, "cannot be stored"),
        ("big.txt", b"x" * 1025, "is larger than"),
    ],
)
def test_what_is_not_what_it_says_is_refused(settings, name, content, sentence):
    settings.UPLOAD_LIMIT_BYTES = 1024

    with pytest.raises(Incomplete, match=sentence):
        put(stories.drafted(), content, name)
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize("suffix", ALLOWED)
def test_every_listed_kind_goes_in(suffix):
    content_type, signatures = ALLOWED[suffix]
    start = signatures[0] if signatures else b""

    assert put(stories.drafted(), start + b"content", f"a{suffix}").content_type == content_type


def test_files_are_attached_by_buyers_of_the_site():
    story = stories.drafted()

    with pytest.raises(NotAllowed):
        put(story, by=story.approver)


def test_an_overlong_name_keeps_its_suffix():
    assert put(stories.drafted(), name="a" * 300 + ".pdf").name == "a" * 196 + ".pdf"


def test_a_request_that_has_ended_takes_no_file():
    with pytest.raises(IllegalTransition, match="has ended"):
        put(stories.approved())


def test_the_journal_names_no_file_of_a_sealed_quotation():
    story = stories.drafted(is_sealed=True)

    source = put(story, kind="source", name="Alpha 4711.pdf")

    assert last_event(story.rfq).after == {"sha256": source.sha256}
