import socket
import threading
from datetime import timedelta

import pytest

from app.domain import clock
from app.jobs import sender
from app.models.outbox import MailState
from tests.jobs.conftest import point_at
from tests.jobs.post_office import free_port
from tests.mails import row, write


def test_a_letter_arrives_word_for_word_with_its_headers(server):
    letter = write(question="Hồ sơ của ông Vũ Đức Thắng thế nào?")
    assert sender.send_all() == "1 sent"
    (mail,) = server.accepted
    assert mail["Subject"] == "Trả lời câu hỏi của ông, bà"
    assert mail["To"] == "hang@example.com"
    assert mail["From"].addresses[0].display_name == "Một cửa Cẩm Phả"
    assert mail["Message-ID"] == row(letter).message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "vi"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n") == row(letter).body
    assert server.envelopes == [("mot-cua@localhost", ["hang@example.com"])]
    assert (row(letter).state, row(letter).attempts) == (MailState.SENT, 1)


def test_a_long_line_is_sent_in_pieces_that_every_server_takes(server):
    letter = write(question="Ủy ban " * 2000)
    sender.send_all()
    (mail,) = server.accepted
    assert max(len(line) for line in mail.as_bytes().splitlines()) <= 998
    assert mail.get_content().replace("\r\n", "\n") == row(letter).body


def test_a_sent_letter_is_not_sent_again(server):
    write()
    sender.send_all()
    assert sender.send_all() == "nothing to do"
    assert len(server.accepted) == 1


def test_a_batch_goes_over_one_connection(server):
    for number in range(5):
        write(address=f"citizen{number}@example.com")
    assert sender.send_all() == "5 sent"
    assert server.connections == 1
    assert [mail["To"] for mail in server.accepted] == [f"citizen{number}@example.com" for number in range(5)]


def test_more_letters_than_a_batch_are_all_sent(server):
    for _ in range(sender.BATCH + 3):
        write()
    assert sender.send_all() == f"{sender.BATCH + 3} sent"
    assert len(server.accepted) == sender.BATCH + 3


def test_a_4xx_refusal_is_retried_and_then_succeeds(server, moment):
    server.at_rcpt["hang@example.com"] = ["451 4.3.0 Try again later"]
    letter = write()
    assert sender.send_all() == "1 put off"
    assert row(letter).state is MailState.QUEUED
    assert row(letter).last_error == "451 4.3.0 Try again later"
    assert sender.send_all() == "nothing to do"
    moment.shift(timedelta(seconds=61))
    assert sender.send_all() == "1 sent"
    assert (row(letter).state, row(letter).attempts, row(letter).last_error) == (MailState.SENT, 2, "")
    assert len(server.accepted) == 1


def test_a_5xx_refusal_of_the_recipient_is_permanent_and_stops_nobody_else(server, moment):
    server.at_rcpt["nobody@example.com"] = ["550 5.1.1 No such user"]
    refused, other = write(address="nobody@example.com"), write()
    assert sender.send_all() == "1 refused, 1 sent"
    assert row(refused).state is MailState.FAILED
    assert row(refused).last_error == "550 5.1.1 No such user"
    assert row(other).state is MailState.SENT
    moment.shift(timedelta(days=1))
    assert sender.send_all() == "nothing to do"
    assert server.asked["nobody@example.com"] == 1


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ("554 5.7.1 Rejected", MailState.FAILED),
        ("452 4.2.2 Mailbox full", MailState.QUEUED),
        ("530 5.7.0 Authentication required", MailState.QUEUED),
    ],
)
def test_a_refusal_after_the_text_is_permanent_only_when_the_letter_is_to_blame(server, reply, state):
    server.at_data["hang@example.com"] = [reply]
    letter = write()
    sender.send_all()
    assert (row(letter).state, row(letter).last_error) == (state, reply)
    assert server.accepted == []


def test_a_server_that_wants_a_password_first_is_the_operators_business(server):
    server.at_rcpt["hang@example.com"] = ["530 5.7.0 Authentication required"]
    letter = write()
    sender.send_all()
    assert row(letter).state is MailState.QUEUED


def test_a_wrong_password_is_retried(server, monkeypatch, app):
    monkeypatch.setattr(app.extensions["mail"], "username", "mot-cua")
    monkeypatch.setattr(app.extensions["mail"], "password", "sai")
    letter = write()
    assert sender.send_all() == "1 put off"
    assert row(letter).state is MailState.QUEUED
    assert server.accepted == []


def test_a_server_without_encryption_gets_no_letter_when_encryption_is_configured(server, monkeypatch, app):
    monkeypatch.setattr(app.extensions["mail"], "use_tls", True)
    letter = write()
    assert sender.send_all() == "1 put off"
    assert "STARTTLS" in row(letter).last_error
    assert server.accepted == []


def test_a_server_that_falls_asleep_is_left_after_the_time_limit(server):
    server.asleep = True
    letter, begun = write(), clock.now()
    assert sender.send_all() == "1 put off"
    assert clock.now() - begun < timedelta(seconds=10)
    assert row(letter).state is MailState.QUEUED
    assert "TimeoutError" in row(letter).last_error or "timed out" in row(letter).last_error


def test_a_server_that_never_greets_is_asked_once_for_the_whole_batch(app, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        point_at(app, monkeypatch, silent.getsockname()[1])
        letters, begun = [write() for _ in range(4)], clock.now()
        assert sender.send_all() == "4 put off"
    assert clock.now() - begun < timedelta(seconds=3)
    assert {row(letter).attempts for letter in letters} == {1}


def test_a_server_that_is_down_is_asked_once_a_round_however_many_letters_wait(app, monkeypatch):
    point_at(app, monkeypatch, free_port())
    for _ in range(sender.BATCH + 1):
        write()
    assert sender.send_all() == f"{sender.BATCH} put off"
    assert sender.send_all() == "1 put off"


def test_a_server_that_is_down_keeps_every_letter(app, monkeypatch, moment):
    point_at(app, monkeypatch, free_port())
    letters = [write() for _ in range(3)]
    assert sender.send_all() == "3 put off"
    for letter in letters:
        assert row(letter).state is MailState.QUEUED
        assert "ConnectionRefusedError" in row(letter).last_error


def test_mail_held_without_a_server_goes_out_when_there_is_one(app, monkeypatch, request):
    letter = write()
    assert sender.send_all() == "nothing to do"
    assert row(letter).state is MailState.HELD
    office = request.getfixturevalue("server")
    assert sender.send_all() == "1 released, 1 sent"
    assert row(letter).state is MailState.SENT
    assert len(office.accepted) == 1


def test_mail_is_held_again_when_the_server_is_taken_away(server, app, monkeypatch):
    letter = write()
    monkeypatch.setitem(app.config, "MAIL_SERVER", "")
    assert sender.send_all() == "1 held"
    assert row(letter).state is MailState.HELD
    assert server.accepted == []


@pytest.mark.parametrize("address", ["không phải địa chỉ", "hang@", "@example.com"])
def test_an_address_that_is_none_is_refused_without_asking_the_server(server, address):
    letter = write(address=address)
    assert sender.send_all() == "1 refused"
    assert row(letter).state is MailState.FAILED
    assert server.connections == 0


def test_a_name_with_line_breaks_adds_no_header_and_no_recipient(server):
    write(address="hang@example.com", name="Hằng\r\nBcc: all@example.com")
    sender.send_all()
    (mail,) = server.accepted
    assert mail["Bcc"] is None
    assert server.envelopes == [("mot-cua@localhost", ["hang@example.com"])]


def test_an_address_with_a_line_break_is_never_sent_to(server):
    letter = write(address="hang@example.com\r\nBcc: all@example.com")
    sender.send_all()
    assert row(letter).state is MailState.FAILED
    assert server.asked == {}
    assert server.accepted == []


def test_a_stopping_worker_gives_back_what_it_did_not_send(server):
    letters = [write() for _ in range(3)]
    done = sender.send_batch("w1", stop=lambda: len(server.accepted) >= 1)
    assert done == {"sent": 1}
    assert [row(letter).state for letter in letters] == [MailState.SENT, MailState.QUEUED, MailState.QUEUED]
    assert row(letters[1]).attempts == 0


def test_a_letter_whose_claim_was_lost_is_not_sent(server, monkeypatch):
    write()
    monkeypatch.setattr(sender.outbox, "renew", lambda *_: False)
    assert sender.send_batch("w1") == {}
    assert server.accepted == []


def test_an_unexpected_error_puts_off_one_letter_and_stops_nobody_else(server, monkeypatch):
    broken, other = write(address="broken@example.com"), write()
    real = sender.Connection.send

    def send(connection, message):
        if message.recipients == ["broken@example.com"]:
            raise KeyError("surprise")
        real(connection, message)

    monkeypatch.setattr(sender.Connection, "send", send)
    assert sender.send_all() == "1 put off, 1 sent"
    assert row(broken).state is MailState.QUEUED
    assert row(other).state is MailState.SENT


def test_two_workers_never_send_one_letter_twice(app, server):
    letters = [write(address=f"citizen{number}@example.com") for number in range(60)]
    errors = []

    def work():
        try:
            with app.app_context():
                while sender.send_batch(sender.worker_name(), limit=5):
                    pass
        except Exception as error:  # shown by the assertion below
            errors.append(error)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert errors == []
    arrived = sorted(mail["To"] for mail in server.accepted)
    assert arrived == sorted(f"citizen{number}@example.com" for number in range(60))
    assert {row(letter).state for letter in letters} == {MailState.SENT}
    assert {row(letter).attempts for letter in letters} == {1}
