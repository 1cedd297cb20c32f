"""The benchmark runs and gives ratios; what they are is not a test's business."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

PROGRAM = settings.BASE_DIR / "bench" / "bench.py"


@pytest.mark.skipif(sys.platform != "linux", reason="processor time is read from /proc")
def test_the_benchmark_gives_ratios(tmp_path):
    figures = tmp_path / "bench.json"
    command = [sys.executable, str(PROGRAM), "--quick", "--sizes", "200", "--seconds", "0.1"]
    variables = dict(os.environ) | {
        "DATA": str(settings.DATA_DIR),
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }

    done = subprocess.run(
        [*command, "--json", str(figures)],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )

    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stdout + done.stderr
    findings = {one["name"]: one for one in json.loads(figures.read_text())["findings"]}
    unmeasured = [name for name, one in findings.items() if "not measured" in one["note"]]
    assert unmeasured == []
    ratios = [one["figures"]["x_p50"] for one in findings.values() if "x_p50" in one["figures"]]
    assert (len(ratios), min(ratios) > 0) == (16, True)
    assert findings["16 approve one request"]["note"] == (
        "exactly one succeeded in 3 of 3 races, 0 server errors"
    )
