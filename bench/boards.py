"""How fast the boards open over a million dossiers: `python -m bench.boards`, on PostgreSQL.

Uses the database that `python -m bench.figures` made and filled (or DATABASE_URL), opens each page through the whole
application as a demo account, once to warm up and then five times, and prints the median, the worst, and how many
statements a page costs. Wanted: every board within 1 s. ``--explain`` prints the slowest statement of each page.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask.testing import FlaskClient

import config
from app import create_app
from app.domain import clock
from app.extensions import db
from tests import factories as make

URL = os.environ.get("DATABASE_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/mot_cua_bench_figures")
TIMES = 5
PAGES = (
    ("lanhdao1", "/dieu-hanh"),
    ("lanhdao1", "/dieu-hanh?tuan=52"),
    ("lanhdao1", "/dieu-hanh?don-vi=tat-ca"),
    ("lanhdao1", "/dieu-hanh?don-vi=tat-ca&tuan=52"),
    ("lanhdao.cambinh", "/dieu-hanh"),
    ("lanhdao1", "/dieu-hanh/hai-long?don-vi=tat-ca&thang=24"),
    ("lanhdao1", "/so-lieu?so-lieu=done_late&tu={since}&den={today}"),
    ("tiepnhan", "/ngay-lam-viec"),
    ("taichinh", "/ngay-lam-viec"),
    ("", "/thoi-gian-giai-quyet"),
    ("", "/thu-tuc/HKD-01"),
    ("", "/thu-tuc/KS-01"),
)
"""Account and address."""


@contextmanager
def statements(engine: sa.Engine) -> Iterator[list[tuple[float, str]]]:
    """What is sent to the database inside, with the milliseconds that each took."""
    seen: list[tuple[float, str]] = []
    begun = 0.0

    def before(*_: object) -> None:
        nonlocal begun
        begun = time.perf_counter()

    def after(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(((time.perf_counter() - begun) * 1000, statement))

    sa.event.listen(engine, "before_cursor_execute", before)
    sa.event.listen(engine, "after_cursor_execute", after)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", before)
    sa.event.remove(engine, "after_cursor_execute", after)


def log_in(browser: FlaskClient, account: str) -> FlaskClient:
    if account:
        token = make.csrf_token(browser.get("/dang-nhap").text)
        said = {"username": account, "password": make.DEMO_PASSWORD, "csrf_token": token}
        answer = browser.post("/dang-nhap", data=said)
        if answer.status_code != 302:  # noqa: PLR2004
            raise SystemExit(answer.text)
    return browser


def measure(engine: sa.Engine, browser: FlaskClient, path: str) -> None:
    browser.get(path)
    took: list[float] = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        answer = browser.get(path)
        took.append((time.perf_counter() - begun) * 1000)
        if answer.status_code != 200:  # noqa: PLR2004
            raise SystemExit(f"{path}: {answer.status_code}")
    with statements(engine) as seen:
        browser.get(path)
    print(f"{statistics.median(took):6.0f} ms  (worst {max(took):.0f}, {len(seen)} statements)  {path}")
    if "--explain" in sys.argv:
        for milliseconds, statement in sorted(seen, reverse=True)[:3]:
            print(f"    {milliseconds:6.0f} ms  {' '.join(statement.split())[:1500]}")


def main() -> None:
    settings = config.Testing()
    settings.SQLALCHEMY_DATABASE_URI = URL
    with tempfile.TemporaryDirectory() as folder:
        settings.DATA_DIR = Path(folder)
        app = create_app(settings)
        today = clock.today()
        days = {"since": today - timedelta(days=84), "today": today}
        with app.app_context():
            engine = db.engine
        for account, path in PAGES:
            measure(engine, log_in(app.test_client(), account), path.format(**days))


if __name__ == "__main__":
    main()
