"""Uploads on a disk that may be full: what could not be written is refused with a sentence, never with a 500."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.utils.translation import gettext as _

from quoteflow.lib.errors import DomainError

_FULL = (errno.ENOSPC, errno.EDQUOT)


class NoRoom(DomainError):
    """The disk of the files is full (507)."""

    status = 507

    def __init__(self) -> None:
        super().__init__(
            _(
                "The server has no room for the file just now, so nothing was stored. Tell the people who"
                " run QuoteFlow, and send it again later."
            )
        )


@contextmanager
def wanting_room() -> Iterator[None]:
    """Raise NoRoom where the block finds the disk full."""
    try:
        yield
    except OSError as problem:
        if problem.errno in _FULL:
            raise NoRoom from problem
        raise


class UnkeptFile(UploadedFile):  # type: ignore[type-arg]
    """An upload that found no room: it has a name and a size, and reading it raises NoRoom."""

    def read(self, *_size: int) -> NoReturn:
        """Raise NoRoom."""
        raise NoRoom

    def chunks(self, chunk_size: int | None = None) -> NoReturn:
        """Raise NoRoom."""
        raise NoRoom

    def seek(self, *_place: int) -> int:
        """Stay where there is nothing."""
        return 0

    def close(self) -> None:
        """Nothing is open."""


class TemporaryUpload(TemporaryFileUploadHandler):
    """Django's own, but for a full disk: the form is read to its end, so that nothing typed is lost."""

    found_room = True

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin the next file of the form."""
        self.found_room = True
        try:
            with wanting_room():
                super().new_file(*args, **kwargs)
        except NoRoom:
            self.found_room = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write the next piece, while there is room."""
        if not self.found_room:
            return
        try:
            with wanting_room():
                super().receive_data_chunk(raw_data, start)
        except NoRoom:
            self._give_up()

    def file_complete(self, file_size: int) -> UploadedFile | None:  # type: ignore[type-arg]
        """Hand the file over, or what stands for it."""
        if self.found_room:
            try:
                with wanting_room():
                    return super().file_complete(file_size)
            except NoRoom:
                self._give_up()
        return UnkeptFile(name=self.file_name, content_type=self.content_type, size=file_size)

    def _give_up(self) -> None:
        self.found_room = False
        with suppress(OSError):  # what its buffer still holds does not fit either
            self.file.close()
