"""Files of long reports: made by the worker, found again when lost, only for their owner, tidied away."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pypdfium2
import pytest

from app.domain.errors import Conflict, NotAllowed, NotFound, Refused, TooManyAttempts
from app.domain.sheets import Column, Kind, Line, Sheet
from app.extensions import db, queue
from app.jobs import tasks
from app.models.exports import ExportState, FileFormat, ReportExport
from app.models.handling import Journal
from app.models.organisation import Profile
from app.models.outbox import OutboxMessage
from app.services import exports, reports, sheet_files
from app.services.report_asked import Asked
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

ASKED = Asked("doi-chieu-phi", date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def all_are_long(monkeypatch):
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    queue().flush()


def ask(actor=None, file_format=FileFormat.CSV):
    actor = actor or make.officer()
    sheet = reports.make(actor, ASKED)
    return exports.request(actor, ASKED, file_format, sheet)


def again(row):
    db.session.rollback()
    db.session.expire_all()
    return db.session.get(ReportExport, row.id)


def rows_of(file):
    return list(csv.reader(io.TextIOWrapper(file, encoding="utf-8-sig")))


def ready_mails():
    return db.session.query(OutboxMessage).filter_by(template="account_report_ready").all()


def test_a_file_is_made_from_its_id_and_its_owner_is_told(all_are_long):
    paid = make.returned()
    row = ask()
    assert exports.is_long(ASKED, reports.make(make.officer(), ASKED))
    assert (row.state, row.percent) == (ExportState.WAITING, 0)
    assert queue().pending_count() == 1
    assert exports.make(row.id) is True
    assert (again(row).state, again(row).percent, again(row).rows_done) == (ExportState.READY, 100, 1)
    found, file = exports.open_file(make.officer(), row.id)
    assert found.size == len(file.read())
    file.seek(0)
    lines = rows_of(file)
    assert next(line for line in lines if line and line[0] == paid.code)[3:] == ["100000", "100000", "0", "0"]
    [mail] = ready_mails()
    assert (
        mail.address == db.session.query(Profile).filter_by(user_id=make.officer().user_id).one().user.email
    )
    assert f"/bao-cao/ban-xuat/{row.id}" in mail.body
    assert exports.make(row.id) is False  # a task told twice
    assert len(ready_mails()) == 1


def test_a_lost_task_is_found_and_a_dead_workers_file_is_begun_again(all_are_long, moment):
    make.returned()
    lost, dead = ask(), ask()
    dead.state, dead.attempts = ExportState.RUNNING, 1
    db.session.commit()
    assert tasks.make_exports(lambda: False) == "1 made"
    assert (again(lost).state, again(dead).state) == (ExportState.READY, ExportState.RUNNING)
    moment.shift(timedelta(minutes=11))
    assert tasks.make_exports(lambda: False) == "1 made"
    assert again(dead).state is ExportState.READY


def test_the_queue_carries_the_id_to_a_worker(all_are_long, app):
    row = ask()
    tasks.register(app, queue(), lambda: False)
    waiting = queue()
    while (message := waiting.dequeue()) is not None:
        waiting.execute(message)
    assert again(row).state is ExportState.READY


def test_without_a_queue_the_row_waits_for_the_sweep(all_are_long, monkeypatch):
    monkeypatch.setattr(exports, "task", lambda: 1 / 0)
    assert again(ask()).state is ExportState.WAITING


def test_only_the_owner_has_it_and_only_while_allowed_to(all_are_long):
    row = ask()
    for stranger in (make.leader(), make.officer("Cẩm Bình"), make.citizen()):
        with pytest.raises(NotFound, match="no_such_export"):
            exports.find(stranger, row.id)
    with pytest.raises(Conflict, match="export_not_ready"):
        exports.open_file(make.officer(), row.id)
    assert [found.id for found in exports.of(make.officer())] == [row.id]
    assert exports.of(make.leader()) == []


def test_who_lost_the_account_gets_no_file(all_are_long):
    row = ask()
    profile = db.session.query(Profile).filter_by(user_id=row.owner_id).one()
    profile.user.active = False
    db.session.commit()
    assert exports.make(row.id) is False
    assert again(row).state is ExportState.FAILED
    assert ready_mails() == []


def test_who_lost_the_role_gets_neither_file_nor_download(all_are_long):
    row, made = ask(), ask()
    exports.make(made.id)
    profile = db.session.query(Profile).filter_by(user_id=row.owner_id).one()
    profile.department_id = make.agency().departments[0].id
    profile.role = "department_officer"
    db.session.commit()
    assert exports.make(row.id) is False
    with pytest.raises(NotAllowed):
        exports.open_file(make.as_actor(profile), made.id)


def test_a_volume_of_the_register_is_a_file_too(all_are_long):
    dossier = make.received()
    row = exports.request_register(make.officer(), 2026, FileFormat.XLSX)
    assert (row.title, row.rows_total, exports.file_name(row)) == (
        "Sổ theo dõi hồ sơ 2026",
        1,
        "so-theo-doi-2026",
    )
    assert exports.make(row.id) is True
    book = openpyxl.load_workbook(exports.open_file(make.officer(), row.id)[1])
    assert book.active["B4"].value == dossier.code
    [note] = db.session.query(Journal).filter_by(key="register_opened").all()
    assert note.details["format"] == "xlsx"
    with pytest.raises(NotFound, match="no_such_register"):
        exports.request_register(make.officer(), 1999, FileFormat.PDF)
    profile = db.session.query(Profile).filter_by(user_id=row.owner_id).one()
    profile.department_id = make.agency().departments[0].id
    profile.role = "department_officer"
    db.session.commit()
    with pytest.raises(NotAllowed):
        exports.open_file(make.as_actor(profile), row.id)


def test_an_accident_is_tried_three_times(all_are_long, monkeypatch, moment):
    row = ask()
    monkeypatch.setattr(sheet_files, "write", lambda *_: 1 / 0)
    for attempt in (1, 2, 3):
        with pytest.raises(ZeroDivisionError):
            exports.make(row.id)
        assert again(row).attempts == attempt
        moment.shift(timedelta(minutes=11))
    assert again(row).state is ExportState.FAILED
    assert exports.make_waiting() == 0


def test_one_person_has_five_waiting_at_most(all_are_long):
    for _ in range(exports.MOST_WAITING):
        ask()
    with pytest.raises(TooManyAttempts, match="too_many_exports"):
        ask()
    ask(make.leader())
    assert db.session.query(ReportExport).count() == exports.MOST_WAITING + 1


def test_progress_is_seen_by_others_while_it_is_made(all_are_long, monkeypatch):
    make.returned()
    row, seen = ask(), []
    monkeypatch.setattr(sheet_files, "EVERY", 1)
    touch = exports._touch
    monkeypatch.setattr(
        exports, "_touch", lambda key, done: (touch(key, done), seen.append(stored_progress(key)))
    )
    exports.make(row.id)
    assert seen == [1]


def stored_progress(key):
    with db.engine.connect() as other:
        return other.execute(db.select(ReportExport.rows_done).where(ReportExport.id == key)).scalar_one()


def test_old_files_are_removed_unless_a_newer_one_is_the_same(all_are_long, moment):
    old, same = ask(), ask()
    exports.make(old.id)
    moment.shift(timedelta(days=8))
    exports.make(same.id)
    sha256, newer = again(old).sha256, again(same).sha256
    assert sha256 == newer
    assert tasks.tidy_exports(lambda: False) == "1 removed"
    assert exports.open_file(make.officer(), same.id)[1].read()
    moment.shift(timedelta(days=8))
    assert exports.tidy() == 1
    assert not exports.Storage(exports.config("STORAGE_URL")).exists(sha256)
    assert exports.tidy() == 0


def test_a_list_that_nobody_prints_is_refused_as_paper():
    sheet = Sheet("Dài", (), (), size=sheet_files.LONGEST_PDF + 1)
    with pytest.raises(Refused, match="report_too_long_for_paper"):
        sheet_files.write(sheet, FileFormat.PDF, io.BytesIO())
    with pytest.raises(Refused, match="report_too_long_for_paper"):
        exports.request(make.officer(), ASKED, FileFormat.PDF, sheet)
    assert db.session.query(ReportExport).count() == 0


def test_what_people_typed_never_becomes_a_formula():
    columns = (
        Column("a", "A", Kind.TEXT),
        Column("b", "B", Kind.MOMENT),
        Column("c", "C", Kind.SHARE),
        Column("d", "D"),
    )
    at = datetime(2026, 11, 23, 2, 20, tzinfo=UTC)
    lines = [Line(1, ("=1+1", at, 0.51239, None))]
    sheet = Sheet("@tên", columns, lines, size=1)
    file = io.BytesIO()
    sheet_files.write(sheet, FileFormat.CSV, file)
    file.seek(0)
    assert rows_of(file) == [["'@tên"], [], ["A", "B", "C", "D"], ["'=1+1", "2026-11-23 09:20", "0.5124", ""]]


def test_a_spreadsheet_keeps_numbers_moments_and_texts_as_what_they_are():
    columns = (
        Column("a", "A", Kind.TEXT), Column("b", "B", Kind.MOMENT), Column("c", "C", Kind.MINUTES, "Nhóm"),
        Column("d", "D", Kind.MONEY), Column("e", "E", Kind.SHARE),
    )  # fmt: skip
    at = datetime(2026, 11, 23, 2, 20, tzinfo=UTC)
    lines = [Line(1, ("=1+1", at, 480, 100_000, None)), Line(2, ("http://example.com", None, 1, 2, 0.5))]
    file = io.BytesIO()
    sheet = Sheet("Tên", columns, lines, size=2, facts=(("Kỳ", "=2+2"),), notes=("Ghi chú",))
    sheet_files.write(sheet, FileFormat.XLSX, file)
    rows = list(openpyxl.load_workbook(file).active.iter_rows(values_only=True))
    assert rows[1][0] == "Kỳ: =2+2"
    assert rows[3] == ("A", "B", "Nhóm: C (phút)", "D", "E")
    assert rows[4] == ("=1+1", datetime(2026, 11, 23, 9, 20), 480, 100_000, None)  # noqa: DTZ001 - as Excel has it
    assert rows[5] == ("http://example.com", None, 1, 2, 0.5)
    assert rows[7][0] == "Ghi chú"
    assert openpyxl.load_workbook(file).active["A5"].data_type == "s"


def test_paper_writes_each_kind_of_cell_in_the_citys_way():
    kinds = (Kind.TEXT, Kind.MOMENT, Kind.MINUTES, Kind.MONEY, Kind.SHARE, Kind.SCORE, Kind.NUMBER)
    columns = tuple(Column(kind.value, kind.value, kind) for kind in kinds)
    at = datetime(2026, 7, 23, 2, 20, tzinfo=UTC)
    file = io.BytesIO()
    line = Line(1, ("Ông Bảy", at, 490, 1_100_000, 0.978, 4.25, None))
    sheet_files.write(Sheet("Tên", columns, [line], size=1), FileFormat.PDF, file)
    text = pypdfium2.PdfDocument(file.getvalue())[0].get_textpage().get_text_range()
    for words in ("Ông Bảy", "09:20, 23/7/2026", "1 ngày", "1.100.000", "97,8%", "4,2", "–"):
        assert words in " ".join(text.split())


def test_an_empty_list_is_a_file_too():
    for file_format in FileFormat:
        file = io.BytesIO()
        sheet_files.write(reports.make(make.officer(), ASKED), file_format, file)
        assert file.getvalue()
