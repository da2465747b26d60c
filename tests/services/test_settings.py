"""Values that an administrator changes, within their bounds; the format of codes among them."""

import pytest
from sqlalchemy import func, select

from app.domain.errors import NotAllowed, NotFound, Refused
from app.extensions import db
from app.models.handling import Journal
from app.services import settings
from app.services.settings import DEFINITIONS
from tests import factories as make

pytestmark = pytest.mark.usefixtures("app")

NUMBERS = [key for key, definition in DEFINITIONS.items() if isinstance(definition.default, int)]


def changes():
    query = select(Journal.details).where(Journal.key == "setting_changed").order_by(Journal.id)
    return list(db.session.scalars(query))


def test_a_change_holds_at_once_and_the_journal_has_old_and_new():
    for text in (" 60 ", "90"):
        settings.change(make.administrator(), "intake_minutes", text)
    assert settings.get("intake_minutes") == 90
    assert [(c["old"], c["new"]) for c in changes()] == [(480, 60), (60, 90)]


@pytest.mark.parametrize("key", NUMBERS)
def test_a_number_stays_within_its_bounds(key):
    definition = DEFINITIONS[key]
    assert definition.low <= definition.default <= definition.high
    for wrong in (definition.low - 1, definition.high + 1, "", "x", "1.5", "٣٠٠٠٠٠", "-5"):
        with pytest.raises(Refused, match="setting_out_of_bounds") as refusal:
            settings.change(make.administrator(), key, str(wrong))
        assert refusal.value.params == {"low": definition.low, "high": definition.high}
    assert (settings.get(key), changes()) == (definition.default, [])
    for right in (definition.low, definition.high):
        settings.change(make.administrator(), key, str(right))
        assert settings.get(key) == right


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "{agency}", "{agency}-{date:%y%m%d}", "{agency}-{serial}", "{date:%y%m%d}-{serial}",
        "{agency}-{date:%Y}-{serial}", "{agency}-{date:%d%m}-{serial}", "{agency}-{date:%y%j}-{serial:.0}",
        "{{agency}}-{{date}}-{serial}", "{agency:.0}-{date:%y%m%d}-{serial}", "{agency}-{date.year}-{serial}",
        "{agency}-{date.__class__}-{serial}", "{agency!r}-{date}-{serial}", "{agency}-{date}-{serial:{serial}}",
        "{agency}-{date}-{serial:0100d}", "{agency}-{date}-{serial:x", "{agency}-{date}-{serial}-{place}",
        "{agency}-{date}-{serial:999999999d}",
        "{0}-{agency}-{date}-{serial}", "{}{agency}{date}{serial}",
    ],
)  # fmt: skip
def test_a_format_in_which_two_dossiers_could_get_one_code_is_refused(text):
    with pytest.raises(Refused, match="code_format_malformed"):
        settings.change(make.administrator(), "code_format", text)
    assert (settings.get("code_format"), changes()) == (DEFINITIONS["code_format"].default, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{agency}-{date:%y%m%d}-{serial:04d}", "{}-261123-0001"),
        ("{agency}.{date:%Y%j}.{serial}", "{}.2026327.1"),
        ("hs {date} {serial:06d} {agency}", "HS 2026-11-23 000001 {}"),
    ],
)
def test_a_format_that_tells_dossiers_apart_gives_their_codes(text, code):
    settings.change(make.administrator(), "code_format", text)
    received = make.received()
    assert received.code == code.format(received.agency.identifier)


def test_words_are_not_empty():
    with pytest.raises(Refused, match="setting_empty"):
        settings.change(make.administrator(), "hotline", "  ")
    assert settings.get("hotline") == "033.3.502.900"


def test_a_setting_that_does_not_exist_is_not_found():
    with pytest.raises(NotFound, match="no_such_setting"):
        settings.change(make.administrator(), "no_such", "1")
    with pytest.raises(KeyError):
        settings.get("no_such")
    assert changes() == []


@pytest.mark.parametrize("who", [make.citizen, make.officer, make.leader])
def test_nobody_but_an_administrator_changes_one(who):
    with pytest.raises(NotAllowed, match="role_may_not"):
        settings.change(who(), "hotline", "1")
    assert db.session.scalar(select(func.count()).where(Journal.key == "setting_changed")) == 0
