"""Progress of long commands: lines in a pipe, a bar on a terminal, silence on request."""

import io

import pytest

from quoteflow.lib.progress import Progress, track


class Terminal(io.StringIO):
    def isatty(self):
        return True


def ticking(seconds):
    moments = iter(range(0, 1_000_000, seconds))
    return lambda: next(moments)


def test_a_pipe_gets_a_line_every_five_seconds_and_one_at_the_end():
    stream = io.StringIO()
    now = [0.0]
    with Progress("rows", total=5000, stream=stream, clock=lambda: now[0]) as progress:
        for second in range(1, 9):
            now[0] = float(second)
            progress.advance(625)
    assert stream.getvalue().splitlines() == [
        "rows: 3,125 of 5,000, 3 s left",
        "rows: 5,000 of 5,000 in 8.0 s",
    ]


def test_work_without_a_known_end_counts_up():
    stream = io.StringIO()
    with Progress("rows", stream=stream, clock=ticking(6)) as progress:
        progress.advance()
    assert stream.getvalue().splitlines() == ["rows: 1 after 18 s", "rows: 1 after 24 s"]


def test_a_terminal_gets_a_bar_without_colours():
    stream = Terminal()
    with Progress("rows", total=2, stream=stream) as progress:
        progress.advance(2)
    assert "2/2" in stream.getvalue()
    assert "\x1b[3" not in stream.getvalue()


def test_no_progress_is_silent(capsys):
    assert list(track([1, 2], "rows", shown=False)) == [1, 2]
    assert capsys.readouterr() == ("", "")


def test_a_failure_is_not_reported_as_an_end():
    stream = io.StringIO()
    with pytest.raises(KeyError), Progress("rows", total=2, stream=stream):
        {}["missing"]
    assert stream.getvalue() == ""
