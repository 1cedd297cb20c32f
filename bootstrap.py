#!/usr/bin/env python3
"""Run, test and check QuoteFlow from a bare checkout: `python3 bootstrap.py run`.

Needs Python 3.11 or later and nothing else; written so that an older Python can read it and say so.
"""

import os
import sys

COMMANDS = {
    "run": "start the site with its database, cache and worker (PORT, HOST, DATA)",
    "test": "run all tests; further arguments go to pytest",
    "check": "lint, types, contracts, templates, migrations, deployment",
    "bench": "run the benchmarks",
    "soak": "run the long fault and load tests",
    "install": "make the virtual environment with the development tools",
    "lock": "write the hashed lock files from pyproject.toml",
    "clean": "remove the virtual environment, the caches and the test data",
}


def main(arguments: "list[str]") -> int:
    """Carry out one command; return the exit code."""
    if sys.version_info < (3, 11):
        print("QuoteFlow needs Python 3.11 or later; this is %s." % sys.version.split()[0])
        return 1
    if not arguments or arguments[0] not in COMMANDS:
        print("Usage: python3 bootstrap.py COMMAND\n")
        for name, does in COMMANDS.items():
            print("  %-8s %s" % (name, does))
        return 0 if arguments in ([], ["help"], ["-h"], ["--help"]) else 2
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # it would make every start compile again
    sys.dont_write_bytecode = False
    base = os.path.dirname(os.path.realpath(__file__))
    if base not in sys.path:
        sys.path.insert(0, base)
    from quoteflow.house import commands

    return commands.carry_out(arguments[0], arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
