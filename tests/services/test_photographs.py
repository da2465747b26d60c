"""Photographs of originals: kept when a paper differs, for those who have to know, and for nobody else."""

import pytest

from app.domain import originals
from app.domain.errors import Conflict, NotAllowed, NotFound, Refused
from app.domain.originals import Verdict
from app.extensions import config, db
from app.models.dossier import StoredFile
from app.models.handling import Journal
from app.models.photograph import OriginalPhotograph
from app.services import casefile, counter, facts, photographs
from app.services.storage import Storage
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

ONE, TWO = make.picture("original, page 1", (70, 90)), make.picture("original, page 2", (70, 90))


def differ(dossier, *taken, by=None, verdict=Verdict.DIFFERS, description="Số nhà 72, ảnh ghi 27"):
    document = facts.documents_with_scans(dossier)[0]
    counter.compare(by or make.officer(), document.id, verdict, description, taken)
    return document


def rows():
    return list(db.session.scalars(db.select(OriginalPhotograph).order_by(OriginalPhotograph.id)))


def journal(key):
    return list(db.session.scalars(db.select(Journal).where(Journal.key == key)))


def test_photographs_of_a_paper_that_differs_are_kept_by_their_content_and_journalled():
    dossier = make.result_ready()
    document = differ(dossier, ONE, TWO)
    kept = photographs.of_dossier(make.officer(), dossier)[document.id]
    assert [photograph.taken_by_id for photograph in kept] == [make.officer().user_id] * 2
    store = Storage(config("STORAGE_URL"))
    assert [store.get(photograph.file.sha256) for photograph in kept] == [ONE, TWO]
    assert [row.details["sha256"] for row in journal("original_photographed")] == [
        p.file.sha256 for p in kept
    ]


def test_a_form_sent_twice_keeps_each_photograph_once():
    dossier = make.result_ready()
    differ(dossier, ONE, ONE)
    differ(dossier, ONE, TWO)
    assert len(rows()) == 2
    assert len(journal("original_photographed")) == 2


@pytest.mark.parametrize("verdict", [Verdict.MATCHES, Verdict.UNREADABLE, Verdict.MISSING])
def test_of_a_paper_that_does_not_differ_nothing_is_kept(verdict):
    dossier = make.result_ready()
    with pytest.raises(Refused, match="photograph_only_of_mismatch") as refusal:
        differ(dossier, ONE, verdict=verdict)
    assert refusal.value.field == "photographs"
    assert rows() == []
    assert counter.checks_of(dossier) == []


def test_a_corrected_verdict_leaves_the_photographs_where_they_are():
    dossier = make.result_ready()
    document = differ(dossier, ONE)
    differ(dossier, verdict=Verdict.MATCHES)
    assert len(photographs.of_dossier(make.leader(), dossier)[document.id]) == 1


def test_bytes_that_are_no_picture_are_refused_with_everything_else():
    dossier = make.result_ready()
    with pytest.raises(Refused, match="file_type_not_accepted") as refusal:
        differ(dossier, ONE, b"GIF89a" + bytes(40))
    assert refusal.value.field == "photographs"
    assert rows() == []
    assert counter.checks_of(dossier) == []


def test_a_picture_of_too_many_dots_is_refused(app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_IMAGE_PIXELS", 5000)
    dossier = make.result_ready()
    with pytest.raises(Refused, match="too_many_pixels"):
        differ(dossier, ONE)
    assert rows() == []


def test_more_photographs_than_anybody_needs_are_refused_at_once_and_in_sum(monkeypatch):
    monkeypatch.setattr(photographs, "MOST_PHOTOGRAPHS", 1)
    dossier = make.result_ready()
    with pytest.raises(Refused, match="too_many_photographs"):
        differ(dossier, ONE, TWO)
    differ(dossier, ONE)
    with pytest.raises(Refused, match="too_many_photographs"):
        differ(dossier, TWO, description="Khác cả số tờ")
    assert len(rows()) == 1
    assert counter.checks_of(dossier)[0].description == "Số nhà 72, ảnh ghi 27"
    assert originals.MOST_PHOTOGRAPHS > 1


def test_nothing_is_opened_for_people_who_may_not_compare(monkeypatch):
    dossier = make.result_ready()
    monkeypatch.setattr(photographs, "examine", lambda *_: pytest.fail("opened a stranger's file"))
    with pytest.raises(NotFound):
        differ(dossier, ONE, by=make.officer("Cẩm Bình"))
    with pytest.raises(NotAllowed):
        differ(dossier, ONE, by=make.leader())
    with pytest.raises(Conflict):
        differ(make.decided(), ONE)
    with pytest.raises(Refused, match="mismatch_not_described"):
        differ(dossier, ONE, description=" ")


def test_officer_and_leader_of_the_agency_see_them_and_their_looks_are_journalled():
    dossier = make.result_ready()
    differ(dossier, ONE)
    (kept,) = rows()
    for someone in (make.officer(), make.leader()):
        assert photographs.read(someone, kept.id)[1] == ONE
        line = next(line for line in casefile.of(someone, dossier.id).scanned if line.photographs)
        assert list(line.photographs) == [kept]
    assert len(journal("photograph_viewed")) == 2


def test_for_everybody_else_they_do_not_exist():
    dossier = make.result_ready()
    differ(dossier, ONE)
    (kept,) = rows()
    others = [
        make.specialist(dossier), make.officer("Cẩm Bình"), make.leader("Cẩm Bình"), make.citizen(0),
        make.administrator(),
    ]  # fmt: skip
    for someone in others:
        with pytest.raises(NotFound, match="no_such_photograph"):
            photographs.read(someone, kept.id)
        assert photographs.of_dossier(someone, dossier) == {}
    assert casefile.of(make.specialist(dossier), dossier.id).scanned[0].photographs == ()
    assert journal("photograph_viewed") == []


def test_a_number_that_is_no_photograph_is_not_found():
    with pytest.raises(NotFound, match="no_such_photograph"):
        photographs.read(make.officer(), 2**62)


def test_the_same_picture_sent_elsewhere_as_a_scan_does_not_open_the_photograph():
    dossier, other = make.result_ready(), make.draft()
    differ(dossier, ONE)
    make.attachments.add(make.citizen(), other.documents[0].id, "a.jpg", ONE)
    assert db.session.scalar(db.select(db.func.count()).select_from(StoredFile)) >= 1
    with pytest.raises(NotFound):
        photographs.read(make.citizen(), rows()[0].id)
