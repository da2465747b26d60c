"""The words of WTForms, from our catalogue: it ships no Vietnamese, and Flask-WTF cannot be told of one."""

from flask_babel import get_domain
from flask_wtf import form as flask_wtf_form


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
    """Let every FlaskForm speak through it."""
    flask_wtf_form.translations = Catalogue()  # type: ignore[assignment] # it has no common base
