"""A real mail server on this machine that answers as the test tells it to."""

import asyncio
import socket
from collections import Counter
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope


class PostOffice:
    """Keeps what it accepted. ``at_rcpt`` and ``at_data``: address -> replies given, one after another."""

    def __init__(self) -> None:
        self.accepted: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.at_rcpt: dict[str, list[str]] = {}
        self.at_data: dict[str, list[str]] = {}
        self.asleep = False
        self.asked: Counter[str] = Counter()
        self.connections = 0

    async def handle_EHLO(self, _server, session, _envelope, name: str, replies):  # noqa: N802
        self.connections += 1
        session.host_name = name
        return replies

    async def handle_RCPT(self, _server, _session, envelope: Envelope, address: str, _options):  # noqa: N802
        self.asked[address] += 1
        if replies := self.at_rcpt.get(address):
            return replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope: Envelope):  # noqa: N802
        if self.asleep:
            await asyncio.sleep(30)
        for address in envelope.rcpt_tos:
            if replies := self.at_data.get(address):
                return replies.pop(0)
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        self.accepted.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


def open_post_office() -> tuple[PostOffice, Controller]:
    """A started server on a free port; stop the controller at the end."""
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    return office, controller


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
