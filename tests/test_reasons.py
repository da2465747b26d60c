"""Every refusal has words, every word is used, and every sentence can be said with what its raiser gives."""

import ast
from collections import defaultdict
from pathlib import Path
from string import Formatter

import pytest

from app.domain import errors
from app.domain.errors import DomainError, Refused
from app.reasons import WORDS, words

pytestmark = pytest.mark.no_database

KINDS = {k for k, v in vars(errors).items() if isinstance(v, type) and issubclass(v, DomainError)}
MAKERS = KINDS | {"Refusal", "Unsettled"}
"""What is called with a reason key: the refusals themselves, and what the guards answer with."""


def called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def texts(node: ast.expr) -> list[str]:
    """The literal texts that an expression may be: a text, or one of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return texts(node.body) + texts(node.orelse)
    return []


def given(node: ast.Call) -> set[str] | None:
    """The names of the facts given; None when only a running program knows."""
    if any(k.arg is None for k in node.keywords):
        return None
    if called(node) not in {"Refusal", "Unsettled"}:
        return {k.arg for k in node.keywords} - {"field"}
    if len(node.args) == 1:
        return set()
    facts = node.args[1]
    return {texts(key)[0] for key in facts.keys} if isinstance(facts, ast.Dict) else None


def raisers():
    """Every (key, facts given, where) in the program."""
    for path in sorted(Path("app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and called(node) in MAKERS and node.args:
                for key in texts(node.args[0]):
                    yield key, given(node), f"{path}:{node.lineno}"


RAISED = defaultdict(list)
for _key, _given, _where in raisers():
    RAISED[_key].append((_given, _where))


def wanted(key: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(WORDS[key]) if name}


def literals() -> set[str]:
    """Every text written in the program but the table of words itself."""
    found = set()
    for path in Path("app").rglob("*.py"):
        if path != Path("app/reasons.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            constants = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
            found |= {value for value in constants if isinstance(value, str)}
    return found


def test_the_search_finds_the_refusals():
    assert len(RAISED) > 100
    assert RAISED["fee_not_paid"][0][0] == {"left"}


def test_every_reason_has_words():
    assert {key: where for key, where in RAISED.items() if key not in WORDS} == {}


def test_every_word_is_used():
    # some keys reach their refusal through a variable; then the key stands somewhere as a text
    assert WORDS.keys() - RAISED.keys() - literals() == set()


@pytest.mark.parametrize("key", sorted(RAISED.keys() & WORDS.keys()))
def test_whoever_refuses_gives_every_fact_of_the_sentence(key):
    for facts, where in RAISED[key]:
        assert facts is None or wanted(key) <= facts, where


@pytest.mark.parametrize("key", sorted(WORDS))
def test_every_sentence_can_be_said(key):
    said = words(Refused(key, **dict.fromkeys(wanted(key), "X")))
    assert said.endswith(("”.", ".", "X"))
    assert "{" not in said or key == "code_format_malformed"
    assert said.count("X") >= len(wanted(key))


def test_a_list_is_said_with_semicolons():
    refusal = Refused("documents_missing", documents=("Đơn đề nghị", "Bản sao căn cước"))
    assert "Đơn đề nghị; Bản sao căn cước." in words(refusal)


def test_of_a_long_list_the_first_are_named_and_the_rest_counted():
    papers = [f"Giấy tờ {n}" for n in range(1, 61)]
    said = words(Refused("documents_not_looked_at", documents=papers))
    assert said.endswith("Giấy tờ 4; Giấy tờ 5 và 55 mục khác.")
    assert words(Refused("documents_not_looked_at", documents=papers[:6])).endswith("Giấy tờ 5; Giấy tờ 6.")


@pytest.mark.parametrize(("left", "said"), [(0, "0 đồng"), (999, "999 đồng"), (1_284_000, "1.284.000 đồng")])
def test_money_is_written_as_in_vietnam(left, said):
    assert words(Refused("payment_not_due", left=left)).endswith(f"là {said}.")


def test_other_numbers_are_no_money():
    assert "5000 ký tự" in words(Refused("message_too_long", limit=5000))


def test_the_placeholders_of_a_code_are_shown_as_they_are_typed():
    assert "{agency}, {date:%y%m%d} và {serial:04d}" in words(Refused("code_format_malformed"))


def test_a_key_without_words_is_an_error():
    with pytest.raises(KeyError):
        words(Refused("no_words_for_this"))
