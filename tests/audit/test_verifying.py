"""Whether tampering by the owner of the tables is found, and named by its first broken link."""

import pytest
from django.core.management import CommandError, call_command

from quoteflow.audit import journal, verifying
from quoteflow.audit.verifying import Fault
from tests.audit.test_journal import as_owner, run
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

FORGE = """
UPDATE audit_auditevent SET seq = -seq WHERE seq > 2;
UPDATE audit_auditevent SET seq = 1 - seq WHERE seq < 0;
INSERT INTO audit_auditevent (stream, at, verb, object_type, object_id, before, after, request_id, actor_id,
                              on_behalf_of_id, seq, previous, hash)
  SELECT stream, at, verb, object_type, object_id, before, after, request_id, actor_id, on_behalf_of_id,
         3, hash, '' FROM audit_auditevent WHERE seq = 2;
UPDATE audit_auditevent e SET hash = encode(sha256(convert_to(audit_event_text(e), 'UTF8')), 'hex') WHERE seq = 3;
UPDATE audit_audithead SET seq = seq + 1;
"""
SWAP = """
UPDATE audit_auditevent SET seq = 99 WHERE seq = 2;
UPDATE audit_auditevent SET seq = 2 WHERE seq = 3;
UPDATE audit_auditevent SET seq = 3 WHERE seq = 99;
"""
RECOMPUTED = """
UPDATE audit_auditevent SET verb = 'nothing' WHERE seq = 2;
UPDATE audit_auditevent e SET hash = encode(sha256(convert_to(audit_event_text(e), 'UTF8')), 'hex') WHERE seq = 2;
"""
CUT = "DELETE FROM audit_auditevent WHERE seq > 3"
CUT_WITH_HEAD = """
DELETE FROM audit_auditevent WHERE seq > 3;
UPDATE audit_audithead h SET seq = 3, hash = e.hash FROM audit_auditevent e WHERE e.seq = 3;
"""


@pytest.fixture
def person():
    """Somebody with a story of five events, beside another whole story."""
    someone = UserFactory()
    for verb in ("a", "b", "c", "d", "e"):
        journal.record(verb, someone, by=someone)
    return someone


def anchored(tmp_path):
    path = tmp_path / "heads.txt"
    call_command("audit_anchor", out=str(path))
    return path


def refusal(**options):
    with pytest.raises(CommandError) as refused:
        call_command("audit_verify", **options)
    return str(refused.value)


@pytest.mark.parametrize(
    ("tampering", "seq", "kind"),
    [
        ("UPDATE audit_auditevent SET verb = 'nothing' WHERE seq = 2", 2, "edited"),
        ("DELETE FROM audit_auditevent WHERE seq = 2", 3, "deleted"),
        (FORGE, 4, "inserted"),
        (SWAP, 2, "moved"),
        (CUT, 5, "cut"),
        (RECOMPUTED, 3, "edited"),
        ("DELETE FROM audit_auditevent", 5, "cut"),
        ("DELETE FROM audit_audithead", 5, "inserted"),
        ("UPDATE audit_audithead SET hash = 'f'", 5, "head"),
    ],
    ids=["edit", "delete", "insert", "reorder", "cut tail", "rehash", "all", "no head", "head"],
)
def test_tampering_is_named_by_its_first_broken_link(person, capsys, tampering, seq, kind):
    assert verifying.broken_links() == []

    as_owner(tampering)

    fault = Fault(str(person.pk), seq, kind)
    assert verifying.broken_links() == [fault]
    assert refusal() == "The journal is broken in 1 places."
    assert capsys.readouterr().err == f"{person.pk}: {fault.sentence}\n"


def test_a_whole_journal_says_how_much_it_is(person, capsys):
    call_command("audit_verify")

    assert capsys.readouterr().out == "The journal is whole: 5 events in 1 stories.\n"


def test_an_anchor_finds_a_tail_that_was_cut_with_its_head(person, tmp_path, capsys):
    path = anchored(tmp_path)
    as_owner(CUT_WITH_HEAD)
    call_command("audit_verify")  # the chain alone sees nothing
    capsys.readouterr()

    assert refusal(anchor=[path]) == "The journal is broken in 1 places."

    assert capsys.readouterr().err == (f"{person.pk}: event 5 stands in the anchor and is gone\n")


def test_an_anchor_finds_a_story_that_was_written_anew(person, tmp_path):
    path = anchored(tmp_path)
    as_owner("DELETE FROM audit_auditevent; DELETE FROM audit_audithead")
    for verb in ("a", "b", "c", "d", "f"):
        journal.record(verb, person, by=person)

    assert verifying.broken_links() == []
    assert verifying.against_anchor(path.read_text().splitlines()) == [
        Fault(str(person.pk), 5, "rewritten")
    ]


def test_what_is_written_after_an_anchor_disturbs_nothing(person, tmp_path):
    path = anchored(tmp_path)
    journal.record("f", person, by=person)

    call_command("audit_verify", anchor=[path])


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace(" 5 ", " 4 "),
        lambda text: "\n".join(text.splitlines()[:-1]),
        lambda text: "stream seq hash\n",
        lambda text: "",
    ],
)
def test_a_damaged_anchor_is_refused(person, tmp_path, damage):
    path = anchored(tmp_path)
    path.write_text(damage(path.read_text()))

    assert refusal(anchor=[path]).startswith(f"{path}: ")


def test_an_anchor_is_never_overwritten(person, tmp_path):
    path = anchored(tmp_path)
    kept = path.read_text()

    with pytest.raises(CommandError, match="exists"):
        call_command("audit_anchor", out=str(path))

    assert path.read_text() == kept


def test_a_broken_journal_is_not_anchored(person, tmp_path):
    as_owner(CUT)

    with pytest.raises(CommandError, match="nothing was written"):
        call_command("audit_anchor", out=str(tmp_path / "heads.txt"))

    assert not (tmp_path / "heads.txt").exists()


def test_verifying_needs_none_of_the_triggers_that_write(person):
    run("SET CONSTRAINTS ALL IMMEDIATE", "DROP TRIGGER audit_event_chain ON audit_auditevent")

    assert verifying.broken_links() == []
