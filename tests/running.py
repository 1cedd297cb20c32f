"""Commands run as an operator runs them: arguments in, exit sentence and both streams out."""

import io
from pathlib import Path
from typing import NamedTuple

from django.core.management import CommandError, call_command


class Outcome(NamedTuple):
    """What a command left behind; `failure` is "" where it exits with 0."""

    failure: str
    out: str
    err: str

    @property
    def counts(self) -> tuple[int, int, int]:
        """Created, updated, unchanged."""
        found = dict(line.split() for line in self.out.splitlines() if len(line.split()) == 2)
        return int(found["created"]), int(found["updated"]), int(found["unchanged"])


def run(command: str, *arguments: object) -> Outcome:
    """Run a management command."""
    out, err = io.StringIO(), io.StringIO()
    failure = ""
    words = [str(argument) for argument in arguments]
    try:
        call_command(command, *words, "--no-color", stdout=out, stderr=err)
    except CommandError as refusal:
        failure = str(refusal)
    return Outcome(failure, out.getvalue(), err.getvalue())


def bring_in(command: str, path: Path, *arguments: object) -> Outcome:
    """Run an import command quietly."""
    return run(command, path, "--no-progress", *arguments)


def refused(command: str, path: Path, *arguments: object) -> list[str]:
    """The sentences of an import that must fail and say that nothing was written."""
    outcome = bring_in(command, path, *arguments)
    assert outcome.failure.endswith(
        "was refused; nothing was written."
    ) or outcome.failure.endswith("were refused; nothing was written.")
    return outcome.err.splitlines()
