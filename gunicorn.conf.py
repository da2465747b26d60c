"""How gunicorn serves the application. Values of one machine come from the environment."""

import os
from typing import Any

wsgi_app = "run:app"
bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8080')}"
worker_class = "sync"
workers = int(os.environ.get("WEB_WORKERS", str(max(2, min(8, os.cpu_count() or 2)))))
timeout = int(os.environ.get("WEB_TIMEOUT", "120"))
"""Seconds for one request: a large dossier over a slow line, when no proxy buffers it."""
graceful_timeout = 30
max_requests = 5000
max_requests_jitter = 500
accesslog = os.environ.get("ACCESS_LOG") or None
loglevel = os.environ.get("LOG_LEVEL", "warning")


def post_worker_init(worker: Any) -> None:
    """Refuse to open the doors of a production service that has demo accounts."""
    from app.services import startup  # noqa: PLC0415 - in the worker, after the fork

    with worker.app.callable.app_context():
        startup.refuse_if_unsafe()
