"""Progress of long commands on the error stream: a bar on a terminal, plain lines in a pipe."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Self, TextIO, TypeVar

from tqdm import tqdm

SECONDS_BETWEEN_LINES = 5.0
T = TypeVar("T")


class Progress:
    """Counts finished pieces of work while its `with` block runs."""

    def __init__(
        self,
        label: str,
        *,
        total: int | None = None,
        shown: bool = True,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.done = 0
        self._label, self._total, self._clock = label, total, clock
        self._stream = stream or sys.stderr
        self._bar: tqdm | None = None
        self._lines = shown and not self._stream.isatty()
        if shown and not self._lines:
            self._bar = tqdm(desc=label, total=total, file=self._stream, leave=True)
        self._started = self._last = clock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()
        elif self._lines and error is None:
            self._write_line()

    def advance(self, pieces: int = 1) -> None:
        """Note that `pieces` more are finished."""
        self.done += pieces
        if self._bar is not None:
            self._bar.update(pieces)
        elif self._lines and self._clock() - self._last >= SECONDS_BETWEEN_LINES:
            self._last = self._clock()
            self._write_line()

    def _write_line(self) -> None:
        self._stream.write(f"{self._label}: {self._counted()}\n")
        self._stream.flush()

    def _counted(self) -> str:
        """“1,240 of 5,000, 38 s left”; at the end the seconds it took."""
        seconds = self._clock() - self._started
        if self._total is None:
            return f"{self.done:,} after {seconds:.0f} s"
        counted = f"{self.done:,} of {self._total:,}"
        if self.done >= self._total or not self.done:
            return f"{counted} in {seconds:.1f} s"
        return f"{counted}, {seconds / self.done * (self._total - self.done):.0f} s left"


def track(
    pieces: Iterable[T], label: str, *, total: int | None = None, shown: bool = True
) -> Iterator[T]:
    """Yield every piece and show how far it is."""
    with Progress(label, total=total, shown=shown) as progress:
        for piece in pieces:
            yield piece
            progress.advance()


def colours_wanted() -> bool:
    """False when the person at the terminal asked for plain text (the NO_COLOR convention)."""
    # A convention of terminals, not a setting of ours: it is read where it is needed.
    return not os.environ.get("NO_COLOR")
