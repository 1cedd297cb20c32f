"""Files: checked, hashed, versioned."""

import hashlib
import io
import os
import tracemalloc
import zipfile

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from quoteflow.lib.errors import Incomplete, NotAllowed
from rfqs.actions.attaching import ALLOWED, attach
from rfqs.models import Attachment
from rfqs.states import IllegalTransition
from tests import stories
from tests.lib.test_pictures import jpeg, png
from tests.trails import last_event

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\nA drawing."
LARGE = 32 * 1024 * 1024


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def put(story, content=PDF, name="drawing.pdf", **changes):
    facts = {"rfq_id": story.rfq.pk, "kind": "drawing", "by": story.buyer} | changes
    return attach(upload=ContentFile(content, name), **facts)


def archive(parts=1, name="word/document.xml", size=10):
    """A zip archive that looks like an office document."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for at in range(parts):
            zipped.writestr(f"{at}/{name}", b"\0" * size)
    return file.getvalue()


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
    whole = {".png": png(9, 9), ".xlsx": archive(), ".docx": archive()}
    whole |= {".jpg": jpeg(9, 9), ".jpeg": jpeg(9, 9)}
    content = whole.get(suffix, start + b"content")

    assert put(stories.drafted(), content, f"a{suffix}").content_type == content_type


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


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bomb.docx", archive(size=120 * 1024 * 1024), "would unpack into too much"),
        ("bomb.xlsx", archive(size=20 * 1024 * 1024), "would unpack into too much"),
        ("parts.xlsx", archive(parts=201), "would unpack into too much"),
        ("macro.docx", archive(name="vbaProject.bin"), "holds code"),
        ("broken.docx", b"PK\x03\x04 and nothing more", "is broken"),
        ("flood.png", png(60_000, 60_000), "has more than 50 million pixels"),
        ("flood.jpg", jpeg(60_000, 60_000), "has more than 50 million pixels"),
        ("half.png", b"\x89PNG\r\n\x1a\n", "is not a picture that can be read"),
    ],
)
def test_what_would_unfold_into_too_much_is_refused_unread(settings, name, content, sentence):
    story = stories.drafted()

    with pytest.raises(Incomplete, match=sentence):
        put(story, content=content, name=name)

    assert (Attachment.objects.count(), list(settings.MEDIA_ROOT.iterdir())) == (0, [])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.jpg", jpeg(4000, 3000)),
        ("plan.png", png(5000, 5000)),
        ("terms.docx", archive()),
    ],
)
def test_usual_pictures_and_documents_are_kept_whole(name, content):
    kept = put(stories.drafted(), content=content, name=name)

    with default_storage.open(kept.path) as stored:
        assert stored.read() == content


@pytest.mark.parametrize("name", ["large.docx", "large.png", "large.pdf"])
def test_a_large_file_is_never_held_whole(settings, tmp_path, name):
    settings.UPLOAD_LIMIT_BYTES = 100 * 1024 * 1024
    path, story = tmp_path / name, stories.drafted()
    if name.endswith("docx"):
        with zipfile.ZipFile(path, "w") as zipped:
            zipped.writestr("word/media.bin", bytes(LARGE))
    else:
        path.write_bytes(png(5000, 5000) if name.endswith("png") else PDF)
        os.truncate(path, LARGE)

    with path.open("rb") as file:
        upload = File(file, name)
        tracemalloc.start()
        kept = attach(rfq_id=story.rfq.pk, kind="drawing", by=story.buyer, upload=upload)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert (kept.size >= LARGE, most < LARGE / 2) == (True, True)
