"""The parts of pages: codes, states, deadlines, traces, fields and their errors."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from flask import render_template_string
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField

from app.domain.errors import Conflict, Refused
from app.domain.states import State
from app.domain.trace import TraceLine
from app.web.base import add_refusal
from app.web.forms import Required


@pytest.fixture(autouse=True)
def request_of_a_citizen(bare_app):
    with bare_app.test_request_context("/", method="POST"):
        yield


def render(call, **context):
    return render_template_string("{% import 'macros.html' as m %}{{ " + call + " }}", **context)


def test_a_code_may_break_only_after_its_prefix():
    assert render("m.ma('000.00.15.H49-261123-0042')") == (
        '<span class="mc-ma"><span>000.00.15.H49-</span><wbr><bdi>261123-<b>0042</b></bdi></span>'
    )
    assert 'href="/ho-so/1"' in render("m.ma('A-1-2', '/ho-so/1')")
    assert 'class="mc-ma-lon"' in render("m.ma('A-1-2', none, true)")
    assert render("m.ma('<b>')") == '<span class="mc-ma"><b>&lt;b&gt;</b></span>'


def test_the_address_of_a_code_cannot_leave_its_attribute():
    assert "&#34; onclick" in render("m.ma('A-1-2', href)", href='/x" onclick="alert(1)')


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_word(state):
    assert f">{state.label}</span>" in render("m.the(state)", state=state)


def test_a_late_state_is_coloured_and_the_word_stands_beside_it():
    assert render("m.the(state)", state=State.VOIDED) == '<span class="mc-the nguy">Đã hủy kết quả</span>'


@dataclass
class Chip:
    css: str
    words: str
    at: object


@pytest.mark.parametrize(
    ("css", "icon"),
    [
        ("con", "bi-clock"),
        ("sap", "bi-hourglass-split"),
        ("qua", "bi-exclamation-triangle-fill"),
        ("dung", "bi-pause-circle"),
        ("xong", "bi-check2"),
    ],
)
def test_a_deadline_is_icon_words_and_exact_time(css, icon):
    at = datetime(2026, 11, 24, 2, 20, tzinfo=UTC)
    found = render("m.han(chip)", chip=Chip(css, "Còn 42 phút", at))
    assert f"mc-han {css}" in found
    assert icon in found
    assert "Còn 42 phút" in found
    assert "09:20, 24/11/2026" in found
    assert "13:30 hôm nay" in render("m.han(chip)", chip=Chip(css, "x", "13:30 hôm nay"))
    assert render("m.han(none)") == ""


def test_a_trace_names_every_day_and_adds_up():
    lines = [
        TraceLine(
            date(2026, 11, 23),
            datetime(2026, 11, 23, 2, 20, tzinfo=UTC),
            datetime(2026, 11, 23, 4, 30, tzinfo=UTC),
            130,
            "",
        ),
        TraceLine(date(2026, 11, 24), None, None, 0, "Ngày Văn hóa Việt Nam"),
        TraceLine(
            date(2026, 11, 25),
            datetime(2026, 11, 25, 0, 30, tzinfo=UTC),
            datetime(2026, 11, 25, 1, 0, tzinfo=UTC),
            30,
            "",
        ),
    ]
    found = render("m.vet(trace)", trace=lines)
    assert "Thứ Hai, 23/11/2026" in found
    assert "09:20–11:30" in found
    assert "Ngày Văn hóa Việt Nam" in found
    assert "2 giờ 40 phút" in found
    assert "không tính" in found


class Sample(FlaskForm):
    name = StringField("Họ và tên", [Required()], description="Như trong giấy tờ")
    note = StringField("Ghi chú")
    agree = BooleanField("Đồng ý")
    kind = RadioField("Loại", choices=[SelectChoice("a", "A"), SelectChoice("b", "B")])
    place = SelectField("Nơi nhận", choices=[SelectChoice("1", "Một")])


@pytest.fixture
def form():
    return Sample(meta={"csrf": False})


def test_a_field_has_its_label_above_and_help_before_the_control(form):
    found = render("m.field(form.name)", form=form)
    assert found.index("<label") < found.index("Như trong giấy tờ") < found.index("<input")
    assert 'aria-describedby="name-giup"' in found
    assert "không bắt buộc" not in found
    assert "không bắt buộc" in render("m.field(form.note)", form=form)


def test_an_error_stands_between_help_and_control_and_is_tied_to_it(form):
    form.validate()
    found = render("m.field(form.name)", form=form)
    assert found.index("Như trong giấy tờ") < found.index("Nhập họ và tên.") < found.index("<input")
    assert 'aria-describedby="name-giup name-loi"' in found
    assert 'aria-invalid="true"' in found
    assert "is-loi" in found
    assert "mc-loi-nhom" in found


def test_the_summary_of_errors_leads_to_the_fields(form):
    form.validate()
    found = render("m.errors(form)", form=form)
    assert '<a href="#name">Nhập họ và tên.</a>' in found
    assert 'role="alert"' in found
    assert render("m.errors(form)", form=SimpleNamespace(errors={})) == ""


def test_a_refusal_is_put_at_its_field_or_on_top(form):
    form.validate()
    add_refusal(form, Refused("setting_empty", field="note_id"), {"note_id": "note"})
    add_refusal(form, Conflict("stale_version"))
    found = render("m.errors(form)", form=form)
    assert '<a href="#note">Nhập giá trị cho tham số.</a>' in found
    assert "<li>Người khác vừa cập nhật." in found
    assert form.refused_with == 409


def test_choices_are_a_group_with_a_legend_and_selects_look_like_selects(form):
    found = render("m.field(form.kind)", form=form)
    assert found.startswith("<fieldset")
    assert "<legend" in found
    assert found.count('type="radio"') == 2
    assert 'class="form-select"' in render("m.field(form.place)", form=form)
    assert 'class="form-check-input"' in render("m.field(form.agree)", form=form)


@pytest.mark.parametrize(("written", "folded"), [(0, 0), (11, 0), (12, 2), (200, 190)])
def test_of_a_long_conversation_the_latest_messages_are_open(written, folded):
    lines = [(f"[{n}]", None) for n in range(written)]
    page = render_template_string(
        "{% import 'macros.html' as m %}{% macro one(said, mail) %}{{ said }}{% endmacro %}"
        "{{ m.trao_doi(lines, one) }}",
        lines=lines,
    )
    old, closed, latest = page.rpartition("</details>")
    assert (old.count("["), latest.count("[")) == (folded, written - folded)
    assert bool(closed) == bool(folded)
    assert (f"Xem {folded} trao đổi trước đó" in page) == bool(folded)
    assert [int(n) for n in page.replace("]", "[").split("[")[1::2]] == list(range(written))
