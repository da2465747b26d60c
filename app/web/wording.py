"""Whoever asks is answered in their language: the words of WTForms, of templates, and of the floors below.

WTForms ships no Vietnamese, and Flask-WTF cannot be told of a catalogue. Flask-Babel looks for the catalogue at
every single word, some 200 times a page and a sixth of its time; here it is found once for each language that
a request speaks.
"""

from types import SimpleNamespace
from typing import Any

from babel.support import NullTranslations
from flask import Flask, g, has_app_context, has_request_context, request
from flask_babel import Domain, get_babel
from flask_wtf import form as flask_wtf_form
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from app.domain import language


class Words(Domain):
    """Flask-Babel's catalogues, each found once for the language that a request speaks."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of whoever asks; it stands beside Flask-Babel's choice of language, for as long as that."""
        chosen = vars(g.get("_flask_babel", NOBODY)) if has_app_context() else {}
        kept: tuple[object, NullTranslations] | None = chosen.get("mc_catalogue")
        if kept is not None and kept[0] is chosen.get("babel_locale"):
            return kept[1]
        found: NullTranslations = super().get_translations()
        if chosen.get("babel_locale") is not None:
            chosen["mc_catalogue"] = (chosen["babel_locale"], found)
        return found


WORDS = Words(domain="messages")
NOBODY = SimpleNamespace()


class Catalogue:
    """WTForms' messages, from the catalogue of everything else.

    Asked for as they are stored: WTForms fills the placeholders in by itself.
    """

    def gettext(self, string: str) -> str:
        """One message."""
        return translated(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """One message that counts."""
        return str(WORDS.get_translations().ungettext(singular, plural, n))


def translated(words: str) -> str:
    """The words in the language of whoever asks."""
    return str(WORDS.get_translations().ugettext(words))


@pass_eval_context
def _word(template: EvalContext, words: str, /, **variables: Any) -> str:
    """`_("…")` in a template; what fills its placeholders is escaped where the template escapes."""
    said = translated(words)
    text = Markup(said) if template.autoescape else said  # noqa: S704 - our own words
    return text % variables if variables or "%" in said else text


def init_app(app: Flask) -> None:
    """Let every FlaskForm and every template speak through the catalogue, and the floors below the doors too."""
    with app.app_context():
        get_babel().instance.domain_instance = WORDS
    language.speak_through(translated)
    flask_wtf_form.translations = Catalogue()  # it has no common base
    app.jinja_env.globals |= {"_": _word, "gettext": _word}
    _listen_to_machines(app)


def _listen_to_machines(app: Flask) -> None:
    """A machine says its language in Accept-Language; FAB would look into a cookie, and set one."""
    babel, languages = app.extensions["babel"], list(app.config["LANGUAGES"])
    of_people = babel.locale_selector

    def selected() -> str | None:
        if has_request_context() and request.path.startswith("/api/") and "_l_" not in request.args:
            return request.accept_languages.best_match(languages) or str(app.config["BABEL_DEFAULT_LOCALE"])
        found: str | None = of_people()
        return found

    babel.locale_selector = selected
