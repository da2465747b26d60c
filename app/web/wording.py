"""Whoever asks is answered in their language: the words of WTForms, and those of the floors below.

WTForms ships no Vietnamese, and Flask-WTF cannot be told of a catalogue.
"""

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
