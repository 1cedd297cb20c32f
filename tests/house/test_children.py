import sys
import warnings

from quoteflow.house.children import Child

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_a_child_ended_by_force_is_collected_without_a_word(tmp_path):
    child = Child("sleeper", SLEEP, {}, tmp_path, tmp_path / "sleeper.log")
    child.start()

    child.end_remains()

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        del child
    assert [str(warning.message) for warning in said] == []
