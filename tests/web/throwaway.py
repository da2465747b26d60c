"""A small app with generated views made only to be attacked: two agencies, four people."""

from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_migrate import upgrade

import config as configuration
from app import create_app
from app.domain.errors import Refused
from app.domain.roles import Role
from app.extensions import db
from app.models.organisation import AdministrativeUnit, Agency, Level, Profile, UnitKind, User
from app.models.outbox import NewsItem, Question
from app.web.base import AdminModelView, action

ASKED = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def change_question(actor, key, values):
    """A verb as a service writes it, except that it is careless: it changes first and refuses afterwards."""
    row = db.session.get(Question, key)
    row.body = values["body"]
    if "cấm" in values["body"]:
        raise Refused("setting_empty", field="body")
    db.session.commit()


def add_question(actor, values):
    db.session.add(Question(**values, asked_at=ASKED, asker_email="an@example.vn"))
    db.session.commit()


def remove_question(actor, key):
    db.session.delete(db.session.get(Question, key))
    db.session.commit()


class QuestionView(AdminModelView):
    datamodel = SQLAInterface(Question)
    route_base = "/thu/cau-hoi"
    list_title, show_title, add_title, edit_title = "Câu hỏi", "Câu hỏi", "Thêm câu hỏi", "Sửa câu hỏi"
    label_columns = {
        "asker_name": "Người hỏi",
        "body": "Nội dung",
        "agency": "Cơ quan",
        "agency.name": "Cơ quan",
        "asked_at": "Hỏi lúc",
        "published": "Đã đăng",
        "answer": "Trả lời",
        "answered_by.username": "Người trả lời",
    }
    list_columns = ["asker_name", "agency.name", "asked_at", "published", "answered_by.username"]
    show_columns = ["asker_name", "body"]
    add_columns = ["asker_name", "body", "agency"]
    edit_columns = ["body"]
    search_columns = ["asker_name", "published", "asked_at", "agency"]
    order_columns = ["asker_name", "agency.name"]
    base_order = ("asker_name", "asc")
    list_load = ["agency", "answered_by"]
    verb_add = add_question
    verb_edit = change_question
    verb_delete = remove_question

    def rows(self, statement, actor):
        return statement.where(Question.agency_id == actor.agency_id)

    @action("publish", "Đăng", multiple=True, single=True)
    def publish(self, rows):
        for row in rows if isinstance(rows, list) else [rows]:
            row.answer, row.answered_at, row.published = "x", ASKED, True
        db.session.commit()

    @action("wipe", "Xóa trả lời", "Trả lời sẽ mất.", multiple=False, single=True)
    def wipe(self, row):
        row.answer = ""
        db.session.commit()


class AgencyView(AdminModelView):
    datamodel = SQLAInterface(Agency)
    route_base = "/thu/co-quan"
    list_title = show_title = "Cơ quan"
    label_columns = {"name": "Tên", "level": "Cấp"}
    list_columns = ["name", "level"]
    show_columns = ["name", "level"]
    add_columns = edit_columns = []
    search_columns = ["name", "level"]
    order_columns = ["name"]
    related_views = [QuestionView]


def add_news(actor, values):
    db.session.add(NewsItem(**values))
    db.session.commit()


class NewsView(AdminModelView):
    datamodel = SQLAInterface(NewsItem)
    route_base = "/thu/tin"
    list_title, show_title, add_title = "Tin", "Tin", "Thêm tin"
    label_columns = {"title": "Tiêu đề", "body": "Nội dung", "published_at": "Đăng lúc"}
    list_columns = ["title", "published_at"]
    show_columns = ["title", "body"]
    add_columns = ["title", "body", "published_at"]
    edit_columns = []
    search_columns = ["title"]
    order_columns = ["title", "published_at"]
    verb_add = add_news


VIEWS = (QuestionView, AgencyView, NewsView)
PEOPLE = {
    "an": (Role.RECEIVING_OFFICER, 0, VIEWS),
    "binh": (Role.RECEIVING_OFFICER, 1, VIEWS),
    "chi": (Role.LEADER, 0, (AgencyView,)),
    "dung": (Role.CITIZEN, None, ()),
}
"""User name: role, agency, the views whose permissions the person has."""


def build(settings: configuration.Config) -> Flask:
    """The app with the views, its schema, two agencies and the four people."""
    app = create_app(settings)
    with app.app_context():
        for view in VIEWS:
            app.appbuilder.add_view_no_menu(view)
        upgrade(directory="migrations")
        _found_agencies()
        for name, (role, number, views) in PEOPLE.items():
            _employ(app, name, role, number, views)
        db.session.remove()
        db.engine.dispose()
    return app


def _found_agencies() -> None:
    unit = AdministrativeUnit(code="00000", name="Thử", kind=UnitKind.WARD)
    db.session.add(unit)
    db.session.flush()
    for number in range(2):
        db.session.add(
            Agency(identifier=f"A{number}", name=f"Cơ quan {number}", level=Level.WARD, unit_id=unit.id)
        )
    db.session.commit()


def _employ(app: Flask, name: str, role: Role, number: int | None, views: tuple) -> None:
    manager = app.appbuilder.sm
    fab_role = manager.add_role(f"role_of_{name}")
    for view in app.appbuilder.baseviews:
        if isinstance(view, views):
            for permission in view.base_permissions:
                manager.add_permission_role(
                    fab_role, manager.add_permission_view_menu(permission, view.class_permission_name)
                )
    user = User(
        username=name, first_name=name.capitalize(), last_name="Lê", email=f"{name}@example.vn", active=True
    )
    user.roles = [fab_role]
    db.session.add(user)
    db.session.flush()
    agency = db.session.scalar(sa.select(Agency).where(Agency.identifier == f"A{number}"))
    db.session.add(
        Profile(user_id=user.id, role=role, agency_id=agency.id if agency else None, email_confirmed_at=ASKED)
    )
    db.session.commit()


def browser(app: Flask, name: str | None = None):
    """A browser, logged in when a name is given."""
    client = app.test_client()
    if name:
        with app.app_context():
            row = db.session.scalar(sa.select(Profile).join(Profile.user).where(User.username == name))
            cookie = f"{row.user_id}.{row.session_epoch}"
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = cookie, True
    return client


def ask(number: int, **values) -> int:
    """Store a question at agency A<number>; its key."""
    agency = db.session.scalar(sa.select(Agency).where(Agency.identifier == f"A{number}"))
    defaults = {"asker_name": "Hoa", "asker_email": "hoa@example.vn", "body": "Hỏi", "asked_at": ASKED}
    row = Question(agency_id=agency.id, **{**defaults, **values})
    db.session.add(row)
    db.session.commit()
    return row.id
