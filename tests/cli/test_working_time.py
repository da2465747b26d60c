import itertools
import json
import os
import random
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.cli.working_time import BadLine, dues
from app.domain.calendar import Calendar
from app.domain.clock import to_local
from app.domain.working_time import add_working
from app.services import calendars, organisation
from app.services.transaction import transaction
from tests import factories

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = "2016-09-05T16:00:00+07:00"
"""8 working hours from Thursday 01/9/2016 16:00: Friday is Quốc khánh."""


@pytest.fixture
def run(app):
    """Run a command as an operator types it."""
    runner = app.test_cli_runner()

    def run(*arguments, stdin=None):
        return runner.invoke(args=["working-time", *arguments], input=stdin)

    return run


def test_due_answers_in_json_with_its_trace(run):
    result = run("due", "--start", "2016-09-01T16:00", "--minutes", "480")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["due"] == EXAMPLE
    assert answer["confirmed"] is True
    assert sum(line["minutes"] for line in answer["trace"]) == 480
    assert [line["note"] for line in answer["trace"] if line["day"] == "2016-09-02"] == ["Quốc khánh"]
    assert answer["trace"][0] == {
        "day": "2016-09-01",
        "opens": "2016-09-01T16:00:00+07:00",
        "closes": "2016-09-01T17:00:00+07:00",
        "minutes": 60.0,
        "note": "",
    }


@pytest.mark.parametrize(
    "start", ["2016-09-01T16:00", "2016-09-01T16:00+07:00", "2016-09-01T09:00Z", "2016-09-01 16:00"]
)
def test_a_start_without_offset_is_local_and_one_with_an_offset_is_what_it_says(run, start):
    assert json.loads(run("due", "--start", start, "--minutes", "480").stdout)["due"] == EXAMPLE
    assert run("batch", stdin=f"{start},480\n").stdout == EXAMPLE + "\n"


def test_seconds_are_kept(run):
    answer = json.loads(run("due", "--start", "2016-09-01T16:00:30", "--minutes", "1").stdout)
    assert answer["due"] == "2016-09-01T16:01:30+07:00"


def test_a_unit_counts_with_its_own_hours(app, run):
    ward = organisation.agency_of_code("06796")
    administrator = factories.administrator()
    common = json.loads(run("due", "--start", "2026-11-23T07:30", "--minutes", "60").stdout)["due"]
    with transaction():
        _open_at_eight(administrator, ward.id)
    own = json.loads(run("due", "--start", "2026-11-23T07:30", "--minutes", "60", "--unit", "06796").stdout)[
        "due"
    ]
    assert (common, own) == ("2026-11-23T08:30:00+07:00", "2026-11-23T09:00:00+07:00")
    assert run("batch", "--unit", "06796", stdin="2026-11-23T07:30,60\n").stdout == own + "\n"
    assert run("batch", stdin="2026-11-23T07:30,60\n").stdout == common + "\n"


def _open_at_eight(actor, agency_id):
    from datetime import time as hour

    from app.extensions import db
    from app.models.organisation import WorkSessionRow
    from app.models.outbox import Setting

    db.session.add(WorkSessionRow(agency_id=agency_id, weekday=0, opens=hour(8), closes=hour(12)))
    db.session.query(Setting).filter(Setting.key == calendars.VERSION).delete()


def test_an_unknown_unit_is_named(run):
    for command in (["due", "--start", "2016-09-01T16:00", "--minutes", "1"], ["batch"]):
        result = run(*command, "--unit", "99999", stdin="")
        assert result.exit_code == 2
        assert "99999" in result.stderr
        assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--start", "hôm qua", "--minutes", "1"), "--start"),
        (("--start", "2016-09-01T16:00", "--minutes", "-1"), "--minutes"),
        (("--start", "2016-09-01T16:00"), "--minutes"),
        (("--start", "0001-01-01T00:00", "--minutes", "1"), "--start"),
    ],
)
def test_due_says_what_is_wrong_with_its_options(run, arguments, named):
    result = run("due", *arguments)
    assert result.exit_code == 2
    assert named in result.stderr
    assert result.stdout == ""


def test_batch_answers_line_by_line_in_order_and_without_header(run):
    starts = ["2016-09-01T16:00,480", "2016-09-01T07:30,0", "2016-02-05T16:30,60", "2016-09-01T16:00,1"]
    result = run("batch", stdin="\n".join(starts) + "\n")
    assert result.exit_code == 0, result.output
    expected = []
    calendar = calendars.calendar_for(None)
    for start, minutes in (line.split(",") for line in starts):
        moment = datetime.fromisoformat(start + "+07:00")
        due = add_working(calendar, moment, timedelta(minutes=int(minutes))).due
        expected.append(to_local(due).isoformat())
    assert result.stdout.splitlines() == expected


def test_batch_answers_nothing_to_nothing(run):
    result = run("batch", stdin="")
    assert (result.exit_code, result.stdout) == (0, "")


def test_batch_takes_lines_of_another_system(run):
    assert (
        run("batch", stdin="2016-09-01T16:00, 480\r\n2016-09-01T16:00,480").stdout
        == f"{EXAMPLE}\n{EXAMPLE}\n"
    )


@pytest.mark.parametrize(
    "bad",
    [
        "2016-09-01T16:00",
        "2016-09-01T16:00,",
        "2016-09-01T16:00,x",
        "start,minutes",
        "",
        "2016-13-01T16:00,1",
        "2016-09-01T16:00,-5",
        "1900-01-01T08:00,1",
        "0001-01-01T00:00,1",
        "2016-09-01T16:00,99999999999999",
    ],
)
def test_a_bad_line_is_named_by_number_and_ends_the_batch_with_status_2(run, bad):
    result = run("batch", stdin=f"2016-09-01T16:00,480\n{bad}\n2016-09-01T16:00,480\n")
    assert result.exit_code == 2
    assert "line 2: " in result.stderr
    assert result.stdout == EXAMPLE + "\n"


def test_the_batch_streams_and_never_holds_all_lines(app):
    calendar = calendars.calendar_for(None)
    endless = itertools.repeat("2016-09-01T16:00,480\n")
    assert list(itertools.islice(dues(calendar, endless), 3)) == [EXAMPLE + "\n"] * 3


def test_the_batch_agrees_with_the_single_count_on_random_lines(app):
    calendar, choose = calendars.calendar_for(None), random.Random(1)  # noqa: S311 - not for secrets
    for _ in range(2000):
        start = datetime(2016, 1, 1, tzinfo=UTC) + timedelta(seconds=choose.randrange(11 * 365 * 86400))
        minutes = choose.randrange(10_000)
        (line,) = dues(calendar, [f"{start.isoformat()},{minutes}\n"])
        assert (
            datetime.fromisoformat(line.strip())
            == add_working(calendar, start, timedelta(minutes=minutes)).due
        )


def test_a_calendar_without_sessions_is_refused_by_line():
    empty = Calendar((), {}, {date(2016, 1, 1): "x"}, frozenset())
    with pytest.raises(BadLine, match="line 1"):
        list(dues(empty, ["2016-09-01T16:00,480\n"]))


@pytest.mark.no_database
def test_100_000_lines_are_counted_in_seconds(app, tmp_path):
    """A generous bound, for slow machines; bench/working_time.py measures."""
    lines = 100_000
    text = "".join(f"2016-{m:02}-{d:02}T16:00,480\n" for m in range(1, 11) for d in range(1, 29)) * (
        lines // 280 + 1
    )
    text = "".join(text.splitlines(keepends=True)[:lines])
    environment = os.environ | {
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "DATA_DIR": str(tmp_path),
        "FLASK_APP": "run.py",
        "APP_ENV": "development",
    }
    command = [sys.executable, "-m", "flask", "working-time", "batch"]
    begun = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, env=environment, input=text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == lines
    assert time.perf_counter() - begun < 60


def test_more_minutes_than_all_years_have_are_blamed_on_the_minutes(run):
    result = run("due", "--start", "2016-09-01T16:00", "--minutes", "99999999999999")
    assert result.exit_code == 2
    assert "--minutes" in result.output
    assert "--start'" not in result.output
