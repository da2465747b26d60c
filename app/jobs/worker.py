"""The worker process: Huey's consumer for the timetable, and a pump that sends mail within seconds."""

import logging
import signal
import threading

from flask import Flask
from huey.consumer import Consumer

from app.extensions import queue
from app.jobs import sender, tasks
from app.services import outbox, startup

logger = logging.getLogger(__name__)

POLL_SECONDS = 2.0
"""How often the outbox is asked; a mail leaves within this time of its commit."""
PATIENCE_SECONDS = 25.0
"""How long a stopping worker waits for the letter or job in hand."""


def run(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; then finish what is in hand and give the rest back."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)  # it tells of every run, each minute
    startup.refuse_if_unsafe()
    told_to_stop = threading.Event()
    consumer = _consumer(app, told_to_stop)
    consumer.start()
    pump = Pump(app, told_to_stop)
    pump.start()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: told_to_stop.set())
    logger.info("worker is ready")
    while not told_to_stop.wait(10):
        consumer.check_worker_health()
    logger.info("worker is stopping")
    pump.join(PATIENCE_SECONDS)
    consumer.stop(graceful=True)


class Pump(threading.Thread):
    """Asks the outbox every two seconds, so that mail does not wait for the timetable's next minute."""

    def __init__(self, app: Flask, told_to_stop: threading.Event) -> None:
        """``told_to_stop`` ends the thread after the letter in hand."""
        super().__init__(name="mail-pump", daemon=True)
        self.app = app
        self.told_to_stop = told_to_stop

    def run(self) -> None:
        """Ask, send, wait. An error is logged and does not end the thread."""
        while not self.told_to_stop.wait(POLL_SECONDS):
            try:
                self.pump()
            except Exception:
                logger.exception("the mail pump stumbled")

    def pump(self) -> None:
        """Send what is due."""
        with self.app.app_context():
            if self.app.config["MAIL_SERVER"] and outbox.is_anything_due():
                sender.send_all(stop=self.told_to_stop.is_set)


def _consumer(app: Flask, told_to_stop: threading.Event) -> Consumer:
    with app.app_context():
        waiting = queue()
    tasks.register(app, waiting, told_to_stop.is_set)
    return waiting.create_consumer(
        workers=1, worker_type="thread", periodic=True, shutdown_timeout=PATIENCE_SECONDS, max_delay=5.0
    )
