"""Một cửa: the one-stop shop of a city. create_app() is the only place that sees every floor."""

from flask import Flask

import config as configuration


def create_app(settings: configuration.Config | None = None) -> Flask:
    """Build the application. Raises RuntimeError when the environment is not fit for production."""
    settings = settings or configuration.from_environment()
    settings.refuse_if_unsafe()
    app = Flask(__name__)
    app.config.from_object(settings)
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    _connect_extensions(app)
    _open_doors(app)
    return app


def _connect_extensions(app: Flask) -> None:
    from app import extensions  # noqa: PLC0415 - after the configuration, so that a bad one fails first

    extensions.init_app(app)


def _open_doors(app: Flask) -> None:
    from app import api, cli, console, jobs, web  # noqa: PLC0415

    with app.app_context():
        appbuilder = web.init_app(app)
        api.init_app(app, appbuilder)
        console.init_app(app, appbuilder)
    cli.init_app(app)
    jobs.init_app(app)
