import os
import subprocess

import pytest

from quoteflow.embedded import accounts
from quoteflow.embedded.binaries import postgres_programs

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")


def runs(account, directory):
    command = account.command("postgres", "--version", inside=directory)
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_new_directory_gets_an_account_that_works(tmp_path):
    account = accounts.choose(tmp_path, postgres_programs())
    assert runs(account, tmp_path)
    assert (account.mode == accounts.DIRECT) == (os.geteuid() != 0)


@as_root
def test_data_out_of_reach_of_its_owner_is_refused_and_left_as_it_was(tmp_path_factory):
    data = tmp_path_factory.getbasetemp() / "his"
    data.mkdir()
    os.chown(data, 4711, 4711)
    # The surrounding directory is root's alone, so that neither he nor nobody can enter it.
    with pytest.raises(accounts.EmbeddedError, match="no other account can use"):
        accounts.choose(data, postgres_programs())
    assert data.stat().st_uid == 4711


@as_root
def test_the_programs_work_from_a_copy(tmp_path):
    programs = postgres_programs()
    if programs.parent.name != "pginstall":
        pytest.skip("the programs of the system are everybody's already")
    copied = accounts._copy(programs, tmp_path / "copied")
    assert accounts._copy(programs, tmp_path / "copied") == copied
    assert runs(accounts.Account(accounts.DIRECT, 0, 0, copied), tmp_path)
