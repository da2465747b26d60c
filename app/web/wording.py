"""Whoever asks is answered in their language: the words of WTForms, and those of the floors below.

WTForms ships no Vietnamese, and Flask-WTF cannot be told of a catalogue.
"""

from flask import Flask, has_request_context, request
from flask_babel import get_domain, gettext
from flask_wtf import form as flask_wtf_form

from app.domain import language


class Catalogue:
    """WTForms' messages, from the catalogue of everything else.

    Asked for as they are stored: WTForms fills the placeholders in by itself.
    """

    def gettext(self, string: str) -> str:
        """One message."""
        return str(get_domain().get_translations().ugettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """One message that counts."""
        return str(get_domain().get_translations().ungettext(singular, plural, n))


def use_our_catalogue() -> None:
    """Let every FlaskForm speak through it, and the floors below the doors too."""
    language.speak_through(gettext)
    flask_wtf_form.translations = Catalogue()  # it has no common base


def listen_to_machines(app: Flask) -> None:
    """A machine says its language in Accept-Language; FAB would look into a cookie, and set one."""
    babel, languages = app.extensions["babel"], list(app.config["LANGUAGES"])
    of_people = babel.locale_selector

    def selected() -> str | None:
        if has_request_context() and request.path.startswith("/api/") and "_l_" not in request.args:
            return request.accept_languages.best_match(languages) or str(app.config["BABEL_DEFAULT_LOCALE"])
        found: str | None = of_people()
        return found

    babel.locale_selector = selected
