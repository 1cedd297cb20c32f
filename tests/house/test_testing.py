import os

import pytest

from quoteflow.house import testing
from quoteflow.house.errors import Refusal


@pytest.fixture
def nothing_installed(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "environ", {"PATH": str(tmp_path)})
    return tmp_path


def test_without_a_browser_the_journeys_are_left_out(nothing_installed):
    assert testing.browser() == ""


def test_continuous_integration_insists_on_a_browser(nothing_installed):
    os.environ["CI"] = "true"
    with pytest.raises(Refusal, match="CI=true wants the browser tests, and there is no Chromium"):
        testing.browser()


def test_a_browser_is_found_by_its_usual_names(nothing_installed):
    program = nothing_installed / "chromium-browser"
    program.touch(mode=0o755)
    assert testing.browser() == str(program)


def test_a_wrong_name_for_the_browser_is_said(nothing_installed):
    os.environ["CHROMIUM"] = "/not/there"
    with pytest.raises(Refusal, match="CHROMIUM=/not/there is not a program"):
        testing.browser()
