from pathlib import Path

from quoteflow.house import checking

BASE = Path(__file__).resolve().parent.parent.parent


def test_the_lock_files_name_no_place():
    assert checking.addresses_in_locks(BASE) == ""


def test_a_lock_file_that_names_a_place_is_found(tmp_path):
    (tmp_path / "a.lock").write_text("--extra-index-url x\ndjango==5.2\n# from file:///wheels\n")
    assert checking.addresses_in_locks(tmp_path) == (
        "a.lock:1: --extra-index-url x\na.lock:3: # from file:///wheels"
    )
