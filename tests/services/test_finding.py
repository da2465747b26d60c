"""Dossiers are found by any part of code, name and procedure, with the database's own index."""

import pytest
import sqlalchemy as sa
from sqlalchemy import select

from app.extensions import db
from app.models import search_index
from app.models.dossier import Dossier
from app.services import finding
from app.services.requirements import index
from tests import factories as make


def found(typed):
    return set(db.session.scalars(select(Dossier.id).where(*finding.dossiers(typed))))


@pytest.fixture
def three(app):
    """Hằng's, Thắng's and Hưng's dossiers."""
    made = [make.received() for _ in range(3)]
    for dossier, name in zip(
        made, ("Nguyễn Thị Minh Hằng", "Vũ Đức Thắng", "Nguyễn Quang Hưng"), strict=True
    ):
        dossier.applicant_name = name
        index(dossier)
    db.session.commit()
    return made


def test_a_name_is_found_without_accents_in_any_order_and_in_part(three):
    hang, thang, hung = three
    assert found("nguyen") == {hang.id, hung.id}
    assert found("HẰNG nguyễn") == {hang.id}
    assert found("vu duc tha") == {thang.id}
    assert found("ong") == {d.id for d in three if "ong" in d.search_text}


def test_a_code_and_a_reference_are_found_as_they_are_written(three):
    for dossier in three:
        assert found(dossier.code) == {dossier.id}
        assert found(dossier.reference.lower()) == {dossier.id}


def test_a_code_typed_in_full_means_no_other_that_only_begins_like_it(three):
    first, second, _ = three
    second.code = first.code + "0"
    index(second)
    db.session.commit()
    assert found(f" {first.code.lower()} ") == {first.id}
    assert found(first.code[:-1]) >= {first.id, second.id}


def test_words_too_short_for_the_index_are_found_by_reading(three):
    assert found("hu") >= {three[2].id}
    assert found("vu") >= {three[1].id}


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", '"', "***", "", "   "])
def test_signs_narrow_nothing_and_break_nothing(three, typed):
    assert found(typed) >= {d.id for d in three}


@pytest.mark.parametrize("typed", ["khong co that", 'minh" OR "duc', "NEAR(minh duc)", "a" * 100])
def test_what_nobody_is_called_is_not_found(three, typed):
    assert found(typed) == set()


def test_the_index_follows_a_changed_name_and_a_discarded_dossier(three):
    hang, thang, _ = three
    hang.applicant_name = "Đỗ Khánh Linh"
    index(hang)
    db.session.commit()
    assert found("khanh linh") == {hang.id}
    assert found("minh hang") == set()
    draft = make.draft()
    index(draft)
    db.session.commit()
    assert draft.id in found(draft.reference)
    reference = draft.reference
    db.session.delete(draft)
    db.session.commit()
    assert found(reference) == set()
    assert found("vu duc") == {thang.id}


def test_many_hits_are_found_like_few(three, monkeypatch):
    expected = found("nguyen")
    monkeypatch.setattr(finding, "FEW", 1)
    assert found("nguyen") == expected


def test_after_the_migrations_the_index_is_whole(app):
    """Fails when a later migration made the table anew: call search_index.make() there."""
    with db.engine.begin() as connection:
        assert search_index.exists(connection)
        assert search_index.make(connection)


def test_what_a_table_made_anew_left_of_the_index_is_mended(three):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps the index with its table")
    hang = three[0]
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER dossier_search_update")
        assert not search_index.exists(connection)
        assert search_index.make(connection)
        assert search_index.exists(connection)
    assert found("minh hang") == {hang.id}


def test_without_the_index_everything_is_found_as_before(three):
    expected = found("minh hang")
    db.session.rollback()  # whoever reads keeps the index from being dropped
    with db.engine.begin() as connection:
        search_index.drop(connection)
    assert found("minh hang") == expected
    db.session.rollback()
    with db.engine.begin() as connection:
        assert search_index.make(connection)


def test_an_operator_who_may_not_make_the_index_is_told_what_to_do(app, monkeypatch):
    with db.engine.begin() as connection:
        search_index.drop(connection)
    monkeypatch.setattr(search_index, "SQLITE", ("CREATE VIRTUAL TABLE x USING no_such_module",))
    monkeypatch.setattr(search_index, "EXTENSION", "CREATE EXTENSION no_such_extension")
    told = app.test_cli_runner().invoke(args=["set-up", "--no-demo"])
    assert told.exit_code == 0, told.output
    assert "CREATE EXTENSION pg_trgm" in told.stderr
    monkeypatch.undo()
    told = app.test_cli_runner().invoke(args=["set-up", "--no-demo"])
    assert "pg_trgm" not in told.stderr
    with db.engine.begin() as connection:
        assert search_index.exists(connection)


def test_a_table_in_use_stops_the_making_of_the_index(app):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer, which waits")
    with db.engine.begin() as connection:
        search_index.drop(connection)
    with db.engine.begin() as writer, db.engine.connect() as connection:
        writer.exec_driver_sql("LOCK TABLE dossier IN ROW EXCLUSIVE MODE")
        connection.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
        with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
            search_index.make(connection)
    with db.engine.begin() as connection:
        assert search_index.make(connection)
