"""Kept statements compute again, byte for byte, and say so when they do not."""

import io

import pytest
from django.core.management import CommandError, call_command

from quoteflow.audit.models import AuditEvent
from rfqs import statements
from rfqs.models import StoredStatement
from tests import stories

pytestmark = pytest.mark.django_db


def verify(*args):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_statements", *args, stdout=out, stderr=err)
    except CommandError as refusal:
        return str(refusal), err.getvalue()
    return out.getvalue().strip(), err.getvalue()


def forged(stored, **changes):
    """Another row beside a stored one, with a fitting digest: what a forger would write."""
    texts = {"inputs": stored.inputs, "result": stored.result} | changes
    digest = statements._digest(texts["inputs"], texts["result"])
    return StoredStatement.objects.create(award=stored.award, digest=digest, **texts)


def test_a_submission_keeps_its_statement_and_journals_its_digest():
    story = stories.submitted()
    stored = StoredStatement.objects.get()

    assert stored.award == story.rfq.awards.get()
    assert AuditEvent.objects.of(story.rfq.pk).get(verb="rfq.submit").after["statement"] == (
        stored.digest
    )
    assert verify() == ("1 stored statements compute as stored.", "")
    assert verify(story.rfq.number)[0] == "1 stored statements compute as stored."
    assert verify("GP-ZZZ-001")[0] == "0 stored statements compute as stored."


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"result": "{}"}, "Computing it again gives another result."),
        ({}, ""),
    ],
)
def test_a_result_that_does_not_follow_from_its_inputs_is_named(changes, problem):
    stories.submitted()
    stored = forged(StoredStatement.objects.get(), **changes)

    assert statements.problem_of(stored) == problem
    summary, said = verify()
    assert summary == (
        "1 stored statements do not compute as stored."
        if problem
        else "2 stored statements compute as stored."
    )
    assert problem in said


def test_a_changed_text_is_named_by_its_digest():
    stories.submitted()
    stored = StoredStatement.objects.get()
    stored.inputs = stored.inputs.replace('"credit_days":30', '"credit_days":31')

    assert statements.problem_of(stored) == "The stored text was changed: its digest is another."
