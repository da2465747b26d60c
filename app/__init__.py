"""Một cửa: the one-stop shop of a city. create_app() is the only place that sees every floor."""

from flask import Flask

import config as configuration


def create_app(settings: configuration.Config | None = None, *, doors: bool = True) -> Flask:
    """Build the application. Raises RuntimeError when the environment is not fit for production.

    Without ``doors`` it has the operators' commands only: no page, no REST, no console, no worker.
    """
    settings = settings or configuration.from_environment()
    settings.refuse_if_unsafe()
    app = Flask(__name__)
    app.config.from_object(settings)
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    _connect_extensions(app)
    _take_commands(app)
    if doors:
        _open_doors(app)
    return app


def _connect_extensions(app: Flask) -> None:
    from app import extensions  # noqa: PLC0415 - after the configuration, so that a bad one fails first

    extensions.init_app(app)


def _take_commands(app: Flask) -> None:
    from app import cli  # noqa: PLC0415

    cli.init_app(app)


def _open_doors(app: Flask) -> None:
    from app import api, console, jobs, web  # noqa: PLC0415

    with app.app_context():
        appbuilder = web.init_app(app)
        api.init_app(app, appbuilder)
        console.init_app(app, appbuilder)
    jobs.init_app(app)
