import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

pytestmark = pytest.mark.no_database


def make(*arguments):
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_make_alone_tells_every_target():
    targets = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE).group(1).split()
    told = make()
    assert told.returncode == 0
    for target in targets:
        assert re.search(rf"^  make {target}\b", told.stdout, re.MULTILINE), f"{target} has no ## words"


def test_everything_is_installed_with_hashes_and_without_an_index_of_our_own():
    for line in re.findall(r".*pip.* install.*", MAKEFILE):
        assert "--require-hashes" in line
    for text in (MAKEFILE, CI):
        assert "--index-url" not in text
        assert "://" not in text.replace("postgresql://postgres:postgres@127.0.0.1:5432/postgres", "")
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert not re.search(
            r"https?://|--(extra-)?index-url|--find-links", (ROOT / name).read_text(encoding="utf-8")
        )


def test_ci_checks_and_tests_and_stops_at_the_first_failure():
    assert "set -euo pipefail" in CI
    assert subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=False).returncode == 0
    assert CI.rstrip().splitlines()[-2:] == ["make check", "make test"]
    assert "export CI=true" in CI


def test_ci_installs_only_what_is_missing():
    assert CI.index("apt-get update") < CI.index("apt-get install")
    assert "chromium" in CI
    assert "fonts" in CI


@pytest.mark.parametrize("target", ["run", "test", "check"])
def test_a_target_installs_first_when_nothing_is_installed(target, tmp_path):
    planned = make("--dry-run", f"VENV={tmp_path / 'venv'}", target).stdout
    assert planned.index("-m venv") < planned.index("--require-hashes -r requirements.txt")
    assert ("requirements-dev.txt" in planned) == (target != "run")


def test_an_old_python_is_named(tmp_path):
    done = make(f"VENV={tmp_path / 'venv'}", "PYTHON=", "run")
    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr
    assert not (tmp_path / "venv").exists()
