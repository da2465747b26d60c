import csv
import io
from pathlib import Path

import click
import pytest

from app.cli import transitions as command
from app.domain.transitions import ALL

EXPECTED = Path(__file__).resolve().parent.parent / "domain" / "expected_transitions.csv"

pytestmark = pytest.mark.no_database


@pytest.fixture
def run(built_app):
    runner = built_app.test_cli_runner()
    return lambda *arguments: runner.invoke(args=["transitions", *arguments])


def test_the_csv_says_what_the_hand_typed_table_says(run):
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        expected = [
            {name: row[name] for name in ("key", "from", "to", "role", "reason_required")}
            for row in csv.DictReader(file)
        ]
    result = run("--csv")
    assert result.exit_code == 0
    assert list(csv.DictReader(io.StringIO(result.stdout))) == expected
    assert result.stdout.splitlines()[0] == "key,from,to,role,reason_required"


def test_the_markdown_has_a_row_for_every_step(run):
    lines = run().stdout.splitlines()
    assert len(lines) == len(ALL) + 2
    for line, transition in zip(lines[2:], ALL, strict=True):
        assert line.startswith(f"| `{transition.key}` | {transition.label} |")
        assert all(state in line for state in (*transition.sources, transition.target))
        assert all(
            name in line for name in (*transition.guards, *(mail.template for mail in transition.mail))
        )


def test_the_readme_is_rewritten_between_its_markers_and_nowhere_else(run, tmp_path, monkeypatch):
    readme = tmp_path / "README.md"
    readme.write_text(f"# Đầu\n{command.BEGIN}\nold\n{command.END}\ncuối\n", encoding="utf-8")
    monkeypatch.setattr(command, "README", readme)
    assert run("--readme").exit_code == 0
    text = readme.read_text(encoding="utf-8")
    assert text == f"# Đầu\n{command.BEGIN}\n{command.as_markdown()}\n{command.END}\ncuối\n"
    assert run("--readme").exit_code == 0
    assert readme.read_text(encoding="utf-8") == text


def test_a_readme_without_markers_is_left_alone(run, tmp_path, monkeypatch):
    readme = tmp_path / "README.md"
    readme.write_text("# Đầu\n", encoding="utf-8")
    monkeypatch.setattr(command, "README", readme)
    result = run("--readme")
    assert result.exit_code == 1
    assert "transitions:begin" in result.output
    assert readme.read_text(encoding="utf-8") == "# Đầu\n"
    with pytest.raises(click.ClickException):
        command.with_table(f"{command.END}{command.BEGIN}")


def test_the_readme_shows_the_table_as_it_is():
    text = command.README.read_text(encoding="utf-8")
    assert command.with_table(text) == text, "run `flask transitions --readme`"
