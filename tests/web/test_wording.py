"""The Vietnamese catalogue: complete for the frameworks installed, compiled, without words we do not use."""

import io
from pathlib import Path

import flask_appbuilder
import pytest
import wtforms
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField, validators

CATALOGUE = Path("app/translations/vi/LC_MESSAGES")
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {"_": None, "lazy_gettext": None, "__": None, "gettext": None, "ngettext": (1, 2)}
NEVER = ("vui lòng", "bạn ", "quý khách", "không hợp lệ", "đã xảy ra lỗi", "submit", "huỷ", "uỷ ")


@pytest.fixture(scope="module")
def catalogue():
    with (CATALOGUE / "messages.po").open("rb") as file:
        return read_po(file)


def words(catalogue):
    texts = {str(tuple(m.id)): m.string for m in catalogue if m.id}
    return {key: [text] if isinstance(text, str) else [*text] for key, text in texts.items()}


@pytest.mark.parametrize("package", [flask_appbuilder, wtforms])
def test_everything_the_frameworks_say_has_vietnamese_words(catalogue, package):
    found = extract_from_dir(str(Path(package.__file__).parent), METHODS, keywords=KEYWORDS)
    messages = {message for _file, _line, message, _comments, _context in found if message}
    assert len(messages) >= 35
    silent = [
        message for message in messages if not (catalogue.get(message) and catalogue.get(message).string)
    ]
    assert silent == []


def test_the_compiled_catalogue_is_that_of_the_source(catalogue):
    with (CATALOGUE / "messages.mo").open("rb") as file:
        compiled = read_mo(io.BytesIO(file.read()))
    assert words(compiled) == words(catalogue)


def test_placeholders_are_kept(catalogue):
    for message in catalogue:
        if message.id:
            assert [str(error) for error in message.check(catalogue)] == [], message.id


def test_no_word_is_used_that_the_city_does_not_use(catalogue):
    for message in catalogue:
        text = " ".join(message.string) if isinstance(message.string, tuple) else message.string
        if message.id:
            assert not [word for word in NEVER if word in text.lower()], text


class Sample(FlaskForm):
    name = StringField(validators=[validators.Length(max=3)])
    short = StringField(validators=[validators.Length(min=2)])
    number = IntegerField(validators=[validators.NumberRange(1, 9)])
    other = IntegerField()


def test_wtforms_speaks_vietnamese_and_english(bare_app):
    typed = {"name": "abcd", "short": "x", "number": "12", "other": "x"}
    with bare_app.test_request_context("/", method="POST", data=typed):
        form = Sample(meta={"csrf": False})
        form.validate()
        assert form.errors == {
            "name": ["Nhập nhiều nhất 3 ký tự."],
            "short": ["Nhập ít nhất 2 ký tự."],
            "number": ["Nhập số từ 1 đến 9."],
            "other": ["Nhập số nguyên."],
        }
    with bare_app.test_request_context("/?_l_=en", method="POST", data=typed):
        form = Sample(meta={"csrf": False})
        form.validate()
        assert form.errors["name"] == ["Field cannot be longer than 3 characters."]
