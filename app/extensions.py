"""Objects shared by the floors above: database, mail, AppBuilder, CSRF, migrations, settings of the app."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app
from flask_appbuilder import AppBuilder
from flask_appbuilder.models.sqla.base import SQLA
from flask_mail import Mail
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from sqlalchemy import event
from werkzeug.security import check_password_hash, generate_password_hash

from app.models.base import Model

if TYPE_CHECKING:
    from huey import Huey

db = SQLA(model_class=Model)
mail = Mail()
migrate = Migrate(render_as_batch=True, compare_type=True)
csrf = CSRFProtect()


def new_appbuilder() -> AppBuilder:
    """A fresh AppBuilder: one object serves one app, and tests make several apps."""
    return AppBuilder()


def config(name: str) -> Any:
    """A value of the running app's configuration, for services that must not see Flask."""
    return current_app.config[name]


def hash_password(password: str) -> str:
    """The salted hash that is stored (scrypt, unless PASSWORD_HASH_METHOD names another)."""
    return generate_password_hash(password, method=_hash_method())


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the hash is that password's. Without a hash: False, but only after the same work."""
    nobody = _hash_of_nobody(_hash_method())
    right = check_password_hash(stored or nobody, password)
    return right and bool(stored) and "\0" not in password  # the hash is blind to zeros at the end


def _hash_method() -> str:
    return str(current_app.config.get("PASSWORD_HASH_METHOD", "scrypt"))


@cache
def _hash_of_nobody(method: str) -> str:
    return generate_password_hash("nobody", method=method)


def queue() -> "Huey":
    """The queue of background tasks of the running app: on Redis when REDIS_URL is set, else a file."""
    extensions = current_app.extensions
    if "queue" not in extensions:
        extensions["queue"] = _new_queue(config("REDIS_URL"), config("DATA_DIR") / "queue.db")
    return extensions["queue"]


def background_task(name: str, work: Callable[[int], object]) -> Callable[[int], object]:
    """What puts ``work`` of one key on the queue; the process that runs it must have asked for it as well."""
    waiting = queue()
    tasks: dict[tuple[str, Huey], Callable[[int], object]] = current_app.extensions.setdefault("tasks", {})
    if (name, waiting) not in tasks:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - threads need the app itself

        def run(key: int) -> None:
            with app.app_context():
                work(key)

        tasks[name, waiting] = waiting.task(name=name)(run)
    return tasks[name, waiting]


def _new_queue(redis_url: str, file: Path) -> "Huey":
    from huey import RedisHuey, SqliteHuey  # noqa: PLC0415 - slow; few ask

    if redis_url:
        return RedisHuey("mot_cua", url=redis_url, results=False)
    return SqliteHuey("mot_cua", filename=str(file), results=False)


def init_app(app: Flask) -> None:
    """Connect database, migrations, mail and CSRF protection to the app."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(Path(app.root_path).parent / "migrations"))
    mail.init_app(app)
    csrf.init_app(app)
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        with app.app_context():
            event.listen(db.engine, "connect", _prepare_sqlite)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Foreign keys on, readers beside one writer, and a writer that waits instead of failing."""
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "busy_timeout=10000", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
