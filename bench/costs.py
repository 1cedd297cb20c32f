"""What requests cost: processor time from /proc, statements from PostgreSQL's own count."""

import os
from pathlib import Path

import psycopg

PROC = Path("/proc")
TICK = os.sysconf("SC_CLK_TCK")
CONTROL = "^(begin|commit|rollback|set|show|savepoint|release|discard|deallocate|reset|start|close)"
CHECK = "FROM ONLY .* FOR KEY SHARE"  # a foreign key, checked when the transaction ends
COUNT = """
SELECT coalesce(sum(calls) FILTER (WHERE query !~* %s AND query !~* %s AND query !~* 'pg_stat_statements'), 0)
FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = current_database()
"""


def tree(root: int) -> list[int]:
    """The process and all its living descendants."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (facts := _stat(int(entry.name))):
            children.setdefault(int(facts[1]), []).append(int(entry.name))
    found, ahead = [], [root]
    while ahead:
        one = ahead.pop()
        found.append(one)
        ahead += children.get(one, [])
    return found


def cpu_seconds(*roots: int) -> float:
    """Processor time of these process trees so far, ended children included.

    The living count in nanoseconds where the kernel does (a tick is as long as several requests).
    """
    seconds = 0.0
    for root in roots:
        for pid in tree(root):
            if facts := _stat(pid):
                own, ended = sum(map(int, facts[11:13])), sum(map(int, facts[13:15]))
                running = _nanoseconds(pid)
                seconds += (own / TICK if running is None else running / 1e9) + ended / TICK
    return seconds


def memory(root: int) -> list[tuple[int, int]]:
    """Resident and proportional KiB of the children of `root`, the workers of a web server."""
    found = []
    for pid in tree(root)[1:]:
        try:
            lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        facts = {line.split(":")[0]: line.split()[1] for line in lines if line.endswith("kB")}
        found.append((int(facts["Rss"]), int(facts["Pss"])))
    return found


class Statements:
    """Counts the statements a database runs, without transaction control and foreign keys."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        try:
            self._connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            self.known = bool(self._connection.execute(COUNT, [CONTROL, CHECK]).fetchone())
        except psycopg.Error:  # the library is not loaded
            self.known = False

    def so_far(self) -> int:
        """How many there were; only differences mean anything."""
        (count,) = self._connection.execute(COUNT, [CONTROL, CHECK]).fetchone() or (0,)
        return int(count)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """The answer to a query of the benchmark's own."""
        return self._connection.execute(query.encode()).fetchall()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def _nanoseconds(pid: int) -> int | None:
    """How long the threads of a process ran; None where the kernel does not say."""
    try:
        threads = list((PROC / str(pid) / "task").iterdir())
        return sum(int((one / "schedstat").read_text().split()[0]) for one in threads)
    except (OSError, IndexError):
        return None


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the state on; [] where it has gone."""
    try:
        text = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
