"""The journal only grows: the law of the database, beside that of the ORM (app/models/handling.py)."""

from sqlalchemy import DDL, event

from app.models.handling import Journal

JOURNAL_TRIGGERS = {
    "sqlite": [
        f"CREATE TRIGGER journal_no_{verb.lower()} BEFORE {verb} ON journal "
        "BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        (
            "CREATE FUNCTION journal_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'journal is append-only'; END $$"
        ),
        (
            "CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
            "FOR EACH STATEMENT EXECUTE FUNCTION journal_append_only()"
        ),
    ],
}
"""The same law in the database; run by migration 0001 and by create_all()."""

for _dialect, _statements in JOURNAL_TRIGGERS.items():
    for _statement in _statements:
        event.listen(Journal.__table__, "after_create", DDL(_statement).execute_if(dialect=_dialect))
