"""The web is asked for a long report; a worker process makes it, says how far it is, and tells who asked."""

import io
import re
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
import sqlalchemy as sa

from app.extensions import db, queue
from app.models.dossier import Dossier
from app.models.figures import CountedDossier
from tests import factories as make
from tests.jobs.post_office import open_post_office
from tests.ops.fleet import fleet
from tests.web.browsing import enter, post

LATE = 8_000
DUE = datetime(2020, 2, 3, 10, tzinfo=UTC)
"""Late by the worker's clock too, which is the real one and not that of the test."""
DONE = re.compile(r"Đã ghi ([\d.]+) trên 8\.000 dòng")


@pytest.fixture
def office():
    office, controller = open_post_office()
    office.port = controller.port
    yield office
    controller.stop()


@pytest.fixture
def machines(app, office, tmp_path):
    """A worker beside the web: the same folder, and so the same database, queue and files."""
    queue().flush()
    shared = {
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "STORAGE_URL": app.config["STORAGE_URL"],
        "REDIS_URL": "",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(office.port),
        "BASE_URL": "http://localhost",
    }
    with fleet(tmp_path, **shared) as made:
        made.start_worker(DATA_DIR=str(app.config["DATA_DIR"]))
        yield made


def many_late():
    """Rows only: what a long list is read from."""
    dossier = make.in_appraisal()
    for model, own in ((Dossier, ("code", "reference", "secret")), (CountedDossier, ())):
        row = db.session.get_one(model, dossier.id)
        like = {c.name: getattr(row, c.key) for c in model.__table__.columns}
        like |= {"received_at": DUE - timedelta(days=9), "due_at": DUE}
        copies = [like | {"id": 1000 + n} | {name: f"{name}-{n}" for name in own} for n in range(LATE)]
        db.session.execute(sa.insert(model), copies)
    db.session.commit()


def letters(office, place):
    """Those with the link; others tell of deadlines."""
    link = f"http://localhost{place}"
    return [letter for letter in office.accepted if link in letter.get_body(("plain",)).get_content().split()]


def test_a_worker_makes_the_file_and_only_who_asked_gets_it(app, login, machines, office):
    many_late()
    officer = enter(login, make.officer())
    asked = {"tu": "2020-01-01", "den": "2020-12-31", "dang": "xlsx"}
    place = post(officer, "/bao-cao/ho-so-tre-han/xuat", **asked).headers["Location"]
    seen = []

    def ready():
        page = officer.get(place).text
        seen.extend(int(done.replace(".", "")) for done in DONE.findall(page))
        return f'href="{place}/tep"' in page

    machines.wait_until(ready, 150)
    assert seen == sorted(seen)
    assert any(0 < done < LATE for done in seen), seen

    machines.wait_until(lambda: letters(office, place))
    assert [letter["To"] for letter in letters(office, place)] == ["tiepnhan@motcua.example"]

    for other in (make.leader(), make.officer("Cẩm Bình")):
        assert enter(login, other).get(f"{place}/tep").status_code == 404
    assert app.test_client().get(f"{place}/tep").status_code == 302
    file = officer.get(f"{place}/tep")
    rows = openpyxl.load_workbook(io.BytesIO(file.data), read_only=True).active.iter_rows(values_only=True)
    codes = {row[0] for row in rows if row[0] and row[0].startswith("code-")}
    assert len(codes) == LATE
