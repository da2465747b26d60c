"""Names and addresses of people with an account."""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

from app.domain.errors import Refused

LONGEST_NAME = 64  # of each of the two columns
# Letters only: a name stands in mails, where it must not look like an address of the web.
NAME = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")
USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")


def split_name(full_name: str, field: str = "full_name") -> tuple[str, str]:
    """Family and middle names, and the given name: the last word, as in Vietnamese. May be Refused."""
    name = " ".join(unicodedata.normalize("NFC", full_name).split())
    last, _, first = name.rpartition(" ")
    if not last or not NAME.fullmatch(name):
        raise Refused("full_name_incomplete", field=field)
    if max(len(last), len(first)) > LONGEST_NAME:
        raise Refused("text_too_long", field=field, longest=LONGEST_NAME)
    return last, first


def clean_email(text: str, field: str = "email") -> str:
    """The address in small letters, so that one mailbox is one account; Refused when it is none."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise Refused("email_malformed", field=field) from error
    return found.normalized.lower()


def clean_username(text: str, field: str = "username") -> str:
    """The log-in name of a member of staff: never with @, so it is never a citizen's. Refused otherwise."""
    name = text.strip().lower()
    if not USERNAME.fullmatch(name):
        raise Refused("username_malformed", field=field)
    return name
