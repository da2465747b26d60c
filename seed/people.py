"""Demo accounts for every role, and a few questions they were asked. Never in a city's real service."""

from sqlalchemy import exists, select

from app.domain.roles import SYSTEM, Role
from app.extensions import db
from app.models.organisation import User
from app.models.outbox import Question
from app.services import account_rows, accounts, questions, staff
from app.services.transaction import transaction
from seed.files import Line, read
from seed.tables import Ids

VISITOR = "seed"


def add_accounts(lines: list[Line]) -> int:
    """The accounts of demo_accounts.csv with the names of demo_people.csv; all marked as demo."""
    people, ids = {line["username"]: line for line in read("demo_people")}, Ids()
    known = set(db.session.scalars(select(User.username)))
    missing = [line for line in lines if line["username"] not in known]
    for line in missing:
        if line["role"] == Role.CITIZEN:
            _add_citizen(line, people[line["username"]])
        else:
            _add_staff(line, people[line["username"]], ids)
    return len(missing)


def add_questions(lines: list[Line]) -> int:
    """Questions from the site, most of them answered by an officer and published."""
    ids = Ids()
    missing = [line for line in lines if not _was_asked(line)]
    for line in missing:
        question = questions.ask(
            agency_id=ids.agencies[line["agency"]],
            name=line["name"],
            email=line["email"],
            body=line["question"],
            visitor=VISITOR,
            procedure_id=ids.procedures[line["procedure"]] if line["procedure"] else None,
        )
        if officer := account_rows.by_login(line["answered_by"]):
            questions.answer(account_rows.actor_of(officer), question.id, line["answer"], publish=True)
    return len(missing)


def _add_staff(line: Line, person: Line, ids: Ids) -> None:
    agency_id = ids.agencies[line["agency"]]
    account = staff.StaffAccount(
        username=line["username"],
        full_name=f"{person['last_name']} {person['first_name']}",
        email=line["email"],
        role=Role(line["role"]),
        agency_id=agency_id,
        department_id=ids.departments[agency_id, line["department"]] if line["department"] else None,
        phone=person["phone"],
        is_demo=True,
    )
    staff.create_staff(SYSTEM, account, line["password"])


def _add_citizen(line: Line, person: Line) -> None:
    registration = accounts.Registration(
        full_name=f"{person['last_name']} {person['first_name']}",
        phone=person["phone"],
        personal_id=person["personal_id"],
        address=person["address"],
        email=line["email"],
        password=line["password"],
        consent=True,
    )
    with transaction():
        profile = accounts.create_citizen(registration, is_demo=True)
        profile.user.username = line["username"]  # citizens log in by mail address; a demo wants a short name


def _was_asked(line: Line) -> bool:
    same = (Question.asker_email == line["email"], Question.body == line["question"])
    return bool(db.session.scalar(select(exists().where(*same))))
