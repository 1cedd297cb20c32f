"""The answers of one offer by the column: a sheet has thousands, and looks at few of them whole."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

from rfqs.comparison.inputs import OfferLine

NO_ANSWER = OfferLine("")
PLACE = {name: place for place, name in enumerate(OfferLine._fields)}


class Answers(Sequence[OfferLine]):
    """Answers as a sequence like any other, equal to a tuple of the same; kept by their fields."""

    def __init__(self, columns: Sequence[Sequence[Any]]) -> None:
        """A column for each field of `OfferLine`, in the order of its fields, all equally long."""
        self._columns = columns

    @classmethod
    def of(cls, lines: Sequence[OfferLine]) -> "Answers":
        """The same answers by the column."""
        if isinstance(lines, Answers):
            return lines
        return cls(list(zip(*lines, strict=True)) if lines else [()] * len(OfferLine._fields))

    def column(self, field: str) -> Sequence[Any]:
        """One field of all answers."""
        return self._columns[PLACE[field]]

    @cached_property
    def by_line(self) -> Mapping[str, OfferLine]:
        """The answers by the key of their line; the last one where a line is answered twice."""
        return _ByLine(self)

    def to(self, lines: Sequence[str]) -> "Answers":
        """The answers to these lines, in their order: `NO_ANSWER` where one is not answered."""
        keys = self.column("line_key")
        if len(keys) == len(lines) and all(map(str.__eq__, keys, lines)):
            return self
        places = {key: place for place, key in enumerate(keys)}
        at = [places.get(line, -1) for line in lines]
        columns = zip(self._columns, NO_ANSWER, strict=True)
        return Answers([_picked([*column, none], at) for column, none in columns])

    def at(self, places: Sequence[int]) -> "Answers":
        """Those at these places; a field of them is picked when somebody looks at it."""
        return Answers(_Picked(self._columns, places))

    def __len__(self) -> int:
        return len(self._columns[0])

    @overload
    def __getitem__(self, at: int) -> OfferLine: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[OfferLine, ...]: ...
    def __getitem__(self, at: int | slice) -> OfferLine | tuple[OfferLine, ...]:
        if isinstance(at, slice):
            return tuple(self)[at]
        return OfferLine._make([column[at] for column in self._columns])

    def __iter__(self) -> Iterator[OfferLine]:
        return map(OfferLine._make, zip(*self._columns, strict=True))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Answers):
            return self is other or all(
                mine is theirs or list(mine) == list(theirs)
                for mine, theirs in zip(self._columns, other._columns, strict=True)
            )
        return isinstance(other, tuple) and tuple(self) == other

    def __hash__(self) -> int:
        return hash(tuple(self))


class _ByLine(Mapping[str, OfferLine]):
    """Answers by the key of their line."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._places = {key: at for at, key in enumerate(answers.column("line_key"))}

    def __getitem__(self, key: str) -> OfferLine:
        return self._answers[self._places[key]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class _Picked(Sequence[Sequence[Any]]):
    """Columns of answers at some of their places."""

    def __init__(self, columns: Sequence[Sequence[Any]], places: Sequence[int]) -> None:
        self._columns, self._places = columns, places

    def __getitem__(self, at: Any) -> Any:
        return _picked(self._columns[at], self._places)

    def __len__(self) -> int:
        return len(self._columns)


def _picked(column: Sequence[Any], places: Sequence[int]) -> list[Any]:
    return [column[place] for place in places]
