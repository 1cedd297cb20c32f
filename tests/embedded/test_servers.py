import os
import signal
import stat
import subprocess
import sys

import psycopg
import pytest

from quoteflow.embedded import EmbeddedError, Servers, processes


def ask(servers, question):
    with psycopg.connect(servers.database_url, autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchall() if cursor.description else None


def pid_of(data, name):
    return int((data / name).read_text().split()[0])


def running(data):
    names = [data / "postgres" / "postmaster.pid", data / "valkey.pid"]
    return [bool(name.exists() and processes.find(pid_of(data, name))) for name in names]


def test_addresses_are_known_before_anything_exists(tmp_path):
    data = tmp_path / "not" / "there"

    servers = Servers(data)

    assert servers.database_url == (
        f"postgres://quoteflow@{str(servers.sockets).replace('/', '%2F')}/quoteflow"
    )
    assert servers.redis_url == f"unix://{servers.sockets}/valkey.sock"
    assert len(str(servers.sockets / ".s.PGSQL.5432")) < 107
    assert not data.exists()


def test_the_last_user_to_leave_stops_the_servers(data):
    first, second = Servers(data, fast=True), Servers(data, fast=True)
    first.ensure()
    pid = pid_of(data, "postgres/postmaster.pid")
    second.ensure()

    first.release()
    assert ask(second, "SELECT current_database(), current_user") == [("quoteflow", "quoteflow")]
    assert pid_of(data, "postgres/postmaster.pid") == pid
    assert second.healthy()

    second.release()
    assert running(data) == [False, False]
    assert not second.sockets.exists()


def test_no_port_is_opened(data):
    with Servers(data, fast=True) as servers:
        assert ask(servers, "SHOW listen_addresses") == [("",)]
        assert stat.S_IMODE(servers.sockets.stat().st_mode) == 0o700


def test_several_processes_at_once_share_one_server(data):
    program = (
        "import sys; from pathlib import Path; from quoteflow.embedded import Servers\n"
        "with Servers(Path(sys.argv[1]), fast=True):\n"
        "    print(Path(sys.argv[1], 'postgres/postmaster.pid').read_text().split()[0], flush=True)\n"
        "    sys.stdin.read()\n"
    )
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", program, data],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    seen = {starter.stdout.readline() for starter in starters}
    for starter in starters:
        starter.communicate()
    assert len(seen) == 1
    assert running(data) == [False, False]


def test_what_was_committed_survives_a_kill_of_everything(data):
    killed = Servers(data)
    killed.ensure()
    ask(killed, "CREATE TABLE kept AS SELECT 42 AS answer")
    for name in ("postgres/postmaster.pid", "valkey.pid"):
        os.kill(pid_of(data, name), signal.SIGKILL)

    killed.ensure()

    assert ask(killed, "SELECT answer FROM kept") == [(42,)]
    assert killed.healthy()
    killed.release()


def test_a_stale_pid_file_that_names_a_stranger_is_no_obstacle(data):
    (data / "postgres" / "postmaster.pid").write_text(
        f"{os.getpid()}\n{data}/postgres\n1\n5432\n/nowhere\n\n1 1\nready   \n"
    )
    with Servers(data, fast=True) as servers:
        assert ask(servers, "SELECT 1") == [(1,)]
        assert pid_of(data, "postgres/postmaster.pid") != os.getpid()


def test_data_of_another_version_is_left_alone(data):
    (data / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match="written by PostgreSQL 9, and the one installed is"):
        Servers(data, fast=True).ensure()


def test_a_directory_that_is_no_database_is_left_alone(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "letter.txt").write_text("dear")
    with pytest.raises(EmbeddedError, match="holds something that is not a database"):
        Servers(tmp_path, fast=True).ensure()


def test_a_runtime_directory_open_to_others_is_refused(tmp_path):
    servers = Servers(tmp_path, fast=True)
    servers.sockets.mkdir()
    servers.sockets.chmod(0o755)
    with pytest.raises(EmbeddedError, match="was made by somebody else"):
        servers.ensure()
    servers.sockets.rmdir()


def test_the_signing_key_stays_the_same_and_private(tmp_path):
    key = Servers(tmp_path).secret_key()
    assert Servers(tmp_path).secret_key() == key
    assert len(key) >= 50
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
