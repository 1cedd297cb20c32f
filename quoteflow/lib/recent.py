"""The last results of a pure function, taken again only for an argument equal to the one that gave them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

A = TypeVar("A")
R = TypeVar("R")


class Recent(Generic[A, R]):
    """Results of `compute` by name; the argument is compared whole, so that nothing can be out of date.

    A result whose `weight` is below `least` is not kept (it is computed as quickly), and of the kept
    ones the longest unused go when their weights add up to more than `most`. One for a process.
    """

    def __init__(
        self, compute: Callable[[A], R], weight: Callable[[R], int], *, least: int, most: int
    ) -> None:
        self._compute, self._weight = compute, weight
        self._least, self._most = least, most
        self._kept: OrderedDict[Hashable, tuple[A, R]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, name: Hashable, argument: A) -> R:
        """The result for `argument`; `name` is where to look for an earlier one."""
        with self._lock:
            found = self._kept.get(name)
            if found is not None:
                self._kept.move_to_end(name)
        if found is not None and found[0] == argument:
            return found[1]
        result = self._compute(argument)
        self._keep(name, argument, result)
        return result

    def forget(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._kept.clear()

    def _keep(self, name: Hashable, argument: A, result: R) -> None:
        with self._lock:
            self._kept.pop(name, None)
            if self._weight(result) >= self._least:
                self._kept[name] = (argument, result)
            while sum(self._weight(one) for _argument, one in self._kept.values()) > self._most:
                self._kept.popitem(last=False)
