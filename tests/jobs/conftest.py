"""The outbox with a real mail server behind it."""

import pytest

from tests.jobs.post_office import open_post_office
from tests.mails import empty


@pytest.fixture(autouse=True)
def only_our_mails(app):
    """The seeded city has mails of its own; the tests count theirs."""
    empty()


@pytest.fixture
def server(app, monkeypatch):
    """The app sends to a mail server of the test's own."""
    office, controller = open_post_office()
    point_at(app, monkeypatch, controller.port)
    yield office
    controller.stop()


def point_at(app, monkeypatch, port):
    """Configure a mail server; nothing needs to listen there."""
    monkeypatch.setitem(app.config, "MAIL_SERVER", "127.0.0.1")
    monkeypatch.setitem(app.config, "MAIL_PORT", port)
    monkeypatch.setitem(app.config, "MAIL_TIMEOUT", 1.0)
    state = app.extensions["mail"]
    monkeypatch.setattr(state, "server", "127.0.0.1")
    monkeypatch.setattr(state, "port", port)
    monkeypatch.setattr(state, "suppress", False)
