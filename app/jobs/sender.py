"""The sender: takes letters from the outbox to the mail server, and records what became of each."""

import logging
import os
import re
import smtplib  # noqa: TID251 - the sender is the one place that talks to a mail server
import socket
import ssl
import uuid
from collections import Counter
from collections.abc import Callable
from email.charset import QP, Charset
from email.mime.text import MIMEText
from types import TracebackType
from urllib.parse import urlsplit

from flask import current_app
from flask_mail import Connection, Message

from app.extensions import config
from app.services import outbox, papers
from app.services.outbox import Letter

logger = logging.getLogger(__name__)

BATCH = 20
LONGEST_HOST = 40
PERMANENT_FROM = 500
ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+")
"""One plain address: anything else could name a second receiver."""
NO_PAPER = "Chưa lập được giấy tờ gửi kèm."
AUTHENTICATION = frozenset({530, 534, 535, 538})
"""5xx codes that the operator can mend: the letter itself is in order."""


def worker_name() -> str:
    """A name that no other worker has, and that tells the operator where it runs."""
    return f"{socket.gethostname()[:LONGEST_HOST]}-{os.getpid()}-{uuid.uuid4().hex[:6]}"


def send_all(stop: Callable[[], bool] = lambda: False) -> str:
    """Send every letter that is due, batch by batch; a count in words."""
    held, released = outbox.hold_queued(), outbox.release_held()
    done = Counter({"held": held, "released": released})
    while not stop() and (batch := send_batch(worker_name(), stop=stop)):
        done += batch
        if batch["put off"] == batch.total():
            break  # the server is out of reach: what is left may wait for the next round
    return ", ".join(f"{number} {what}" for what, number in done.items() if number) or "nothing to do"


def send_batch(worker: str, limit: int = BATCH, stop: Callable[[], bool] = lambda: False) -> Counter[str]:
    """Claim a few letters, send them over one connection; how many were sent, put off, refused."""
    done: Counter[str] = Counter()
    if not config("MAIL_SERVER"):
        return done
    line = Line(worker)
    try:
        for letter in outbox.claim(worker, limit):
            if stop():
                break
            if outbox.renew(letter.id, worker):
                done[line.deliver(letter)] += 1
    finally:
        line.hang_up()
        outbox.give_back(worker)
    return done


class Line:
    """The way to the server for one batch: opened when first needed, given up when it leads nowhere."""

    def __init__(self, worker: str) -> None:
        """``worker`` is the name that the letters are claimed under."""
        self.worker = worker
        self.out_of_reach = ""
        self._connection: TimedConnection | None = None

    def deliver(self, letter: Letter) -> str:
        """Send one letter and record the outcome: sent, put off, refused."""
        try:
            message = Plain(letter)
        except ValueError as error:
            return self._refused(letter, error)
        if not attach(letter, message):
            return self._put_off(letter, NO_PAPER)
        if self.out_of_reach or not self._is_open():
            return self._put_off(letter, self.out_of_reach)
        return self._hand_over(letter, message)

    def hang_up(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.__exit__(None, None, None)
            self._connection = None

    def _is_open(self) -> bool:
        if self._connection is None:
            connection = TimedConnection(current_app.extensions["mail"])
            try:
                self._connection = connection.__enter__()
            except (smtplib.SMTPException, OSError) as error:
                self.out_of_reach = words(error)
                logger.warning("mail server out of reach: %s", self.out_of_reach)
        return self._connection is not None

    def _hand_over(self, letter: Letter, message: "Plain") -> str:
        assert self._connection is not None  # noqa: S101 - _is_open() was asked
        try:
            self._connection.send(message)
        except Exception as error:  # a letter must never stop those behind it
            self.hang_up()  # after an error nobody knows what the server waits for
            if is_permanent(error):
                return self._refused(letter, error)
            logger.warning("mail %s put off: %s", letter.id, words(error))
            return self._put_off(letter, words(error))
        outbox.mark_sent(letter.id)
        return "sent"

    def _put_off(self, letter: Letter, why: str) -> str:
        outbox.mark_transient(letter.id, self.worker, why)
        return "put off"

    def _refused(self, letter: Letter, error: Exception) -> str:
        logger.warning("mail %s refused: %s", letter.id, words(error))
        outbox.mark_permanent(letter.id, self.worker, words(error))
        return "refused"


class TimedConnection(Connection):
    """Flask-Mail's connection with a time limit on every word to the server, and certificates checked."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt, log in. Raises SMTPException or OSError (timeouts and certificates too)."""
        seconds, name = config("MAIL_TIMEOUT"), urlsplit(config("BASE_URL")).hostname
        safe = ssl.create_default_context()
        if self.mail.use_ssl:
            host: smtplib.SMTP = smtplib.SMTP_SSL(
                self.mail.server, self.mail.port, local_hostname=name, timeout=seconds, context=safe
            )
        else:
            host = smtplib.SMTP(self.mail.server, self.mail.port, local_hostname=name, timeout=seconds)
        try:
            if self.mail.use_tls:
                host.starttls(context=safe)
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye; a server that is gone already is no error."""
        if self.host is None:
            return
        try:
            self.host.quit()
        except (smtplib.SMTPException, OSError):
            self.host.close()


class Plain(Message):
    """A letter as plain text, in lines that every server takes. ValueError for an address that is none."""

    def __init__(self, letter: Letter) -> None:
        """Made from an outbox row: the row's Message-ID lets receivers drop a repetition."""
        super().__init__(
            subject=letter.subject,
            recipients=[letter.address],
            body=letter.body,
            extra_headers={
                "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers
                "Content-Language": letter.locale,
            },
        )
        self.msgId = letter.message_id
        if not ADDRESS.fullmatch(letter.address) or self.has_bad_headers():
            raise ValueError("this is not one mail address")

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        # Flask-Mail would send 8-bit lines of any length; servers may refuse lines over 998 bytes.
        charset = Charset("utf-8")
        charset.body_encoding = QP
        return MIMEText(text or "", subtype, charset)  # type: ignore[arg-type]


def attach(letter: Letter, message: Plain) -> bool:
    """Put the letter's paper into the message; False when the paper cannot be had now."""
    if letter.paper_id is None:
        return True
    try:
        name, data = papers.mailed_copy(letter.paper_id)
    except Exception:  # a file store out of reach: the letter waits for its paper
        logger.exception("mail %s waits for its paper", letter.id)
        return False
    message.attach(name, "application/pdf", data)
    return True


def is_permanent(error: Exception) -> bool:
    """Whether the server refused this letter for good; what the operator can mend is not permanent."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(_is_final(code) for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and _is_final(error.smtp_code)


def words(error: Exception) -> str:
    """The error for the operator: what the server said, or what happened on the way."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(_reply(code, text) for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}"


def _is_final(code: int) -> bool:
    return code >= PERMANENT_FROM and code not in AUTHENTICATION


def _reply(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
