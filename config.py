"""What differs from one machine to the next. Read from the environment; holds no rules of the service."""

import os
from pathlib import Path
from typing import Any, ClassVar

ROOT = Path(__file__).resolve().parent
DEFAULT_SECRET = "development-only-secret-not-for-the-city"  # noqa: S105 - Production refuses to start with it


def _flag(name: str, *, default: bool = False) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def _database_url(data_dir: Path) -> str:
    url = os.environ.get("DATABASE_URL", f"sqlite:///{data_dir / 'motcua.db'}")
    for old in ("postgres://", "postgresql://"):
        if url.startswith(old):
            return url.replace(old, "postgresql+psycopg://", 1)
    return url


class Config:
    """Settings shared by every environment. ``from_environment`` reads the variables of README."""

    NAME = "development"
    DEBUG = False
    TESTING = False
    DEMO_ACCOUNTS_ALLOWED = True

    APP_NAME = "Một cửa Cẩm Phả"
    BABEL_DEFAULT_LOCALE = "vi"
    BABEL_DEFAULT_TIMEZONE = "Asia/Ho_Chi_Minh"
    BABEL_DEFAULT_FOLDER = "translations"
    LANGUAGES: ClassVar[dict[str, dict[str, str]]] = {
        "vi": {"flag": "vn", "name": "Tiếng Việt"},
        "en": {"flag": "gb", "name": "English"},
    }

    # Flask-AppBuilder. Roles are synced from the transition table (services/roles.py), never from FAB_ROLES.
    AUTH_TYPE = 1
    AUTH_ROLE_ADMIN = "fab_admin"
    AUTH_ROLE_PUBLIC = "fab_public"
    AUTH_USER_REGISTRATION = False
    FAB_API_SWAGGER_UI = True
    FAB_API_MAX_PAGE_SIZE = 100
    FAB_ADD_SECURITY_VIEWS = False
    FAB_BASE_TEMPLATE = "base.html"
    FAB_CREATE_DB = False
    FAB_UPDATE_PERMS = False
    FAB_SECURITY_MANAGER_CLASS = "app.web.security.SecurityManager"

    SQLALCHEMY_ENGINE_OPTIONS: ClassVar[dict[str, Any]] = {}
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_COOKIE_NAME = "mot_cua"
    REMEMBER_COOKIE_HTTPONLY = True
    PERMANENT_SESSION_LIFETIME = 8 * 60 * 60
    WTF_CSRF_TIME_LIMIT = None  # a citizen may take a day over a form; the token lives as long as the session
    JWT_ACCESS_TOKEN_EXPIRES = 15 * 60
    JWT_REFRESH_TOKEN_EXPIRES = 8 * 60 * 60
    MAX_FORM_PARTS = 2000
    BOOTSTRAP_SERVE_LOCAL = True

    def __init__(self) -> None:
        """Read the environment."""
        self.DATA_DIR = Path(os.environ.get("DATA_DIR", ROOT / "data"))
        self.SECRET_KEY = os.environ.get("SECRET_KEY", DEFAULT_SECRET)
        self.SQLALCHEMY_DATABASE_URI = _database_url(self.DATA_DIR)
        self.REDIS_URL = os.environ.get("REDIS_URL", "")
        self.STORAGE_URL = os.environ.get("STORAGE_URL", f"file://{self.DATA_DIR / 'files'}")
        self.HOST = os.environ.get("HOST", "127.0.0.1")
        self.PORT = int(os.environ.get("PORT", "8080"))
        self.BASE_URL = os.environ.get("BASE_URL", f"http://{self.HOST}:{self.PORT}").rstrip("/")
        self.TRUSTED_HOSTS = [h for h in os.environ.get("TRUSTED_HOSTS", "").split(",") if h] or None
        self.SESSION_COOKIE_SECURE = self.BASE_URL.startswith("https://")
        self.REMEMBER_COOKIE_SECURE = self.SESSION_COOKIE_SECURE
        self.PROXY_COUNT = int(os.environ.get("PROXY_COUNT", "0"))
        self.MAX_CONTENT_LENGTH = int(os.environ.get("MAX_REQUEST_MB", "120")) * 2**20
        self.MAX_FILE_BYTES = int(os.environ.get("MAX_FILE_MB", "20")) * 2**20
        self.MAX_FILE_PAGES = int(os.environ.get("MAX_FILE_PAGES", "200"))
        self.MAX_IMAGE_PIXELS = int(os.environ.get("MAX_IMAGE_MEGAPIXELS", "60")) * 1_000_000
        self.JWT_SECRET_KEY = os.environ.get("JWT_SECRET_KEY", self.SECRET_KEY)
        self._read_mail()

    def _read_mail(self) -> None:
        self.MAIL_SERVER = os.environ.get("MAIL_SERVER", "")  # empty: mail is kept in the outbox as held
        self.MAIL_PORT = int(os.environ.get("MAIL_PORT", "25"))
        self.MAIL_USE_TLS = _flag("MAIL_USE_TLS")
        self.MAIL_USE_SSL = _flag("MAIL_USE_SSL")
        self.MAIL_USERNAME = os.environ.get("MAIL_USERNAME") or None
        self.MAIL_PASSWORD = os.environ.get("MAIL_PASSWORD") or None
        self.MAIL_TIMEOUT = float(os.environ.get("MAIL_TIMEOUT", "20"))
        self.MAIL_DEFAULT_SENDER = os.environ.get("MAIL_SENDER", "Một cửa Cẩm Phả <mot-cua@localhost>")

    def refuse_if_unsafe(self) -> None:
        """Stop the start when the environment is not fit for citizens' data; Production overrides this."""


class Development(Config):
    """A first look on one machine: SQLite, local files, demo accounts."""


class Testing(Config):
    """The test suite: values that make tests quick and quiet."""

    NAME = "testing"
    TESTING = True
    SERVER_NAME = None
    PASSWORD_HASH_METHOD = "pbkdf2:sha256:1000"  # noqa: S105 - a hash method, not a password


class Production(Config):
    """A city's real service. Refuses to start half-configured."""

    NAME = "production"
    DEMO_ACCOUNTS_ALLOWED = False

    def refuse_if_unsafe(self) -> None:
        """Raise RuntimeError, naming every variable that has to be set."""
        wrong = []
        if self.SECRET_KEY == DEFAULT_SECRET or len(self.SECRET_KEY) < 32:  # noqa: PLR2004
            wrong.append("SECRET_KEY: set at least 32 random characters")
        if not self.TRUSTED_HOSTS:
            wrong.append("TRUSTED_HOSTS: set the host names of the service, separated by commas")
        if not self.BASE_URL.startswith("https://"):
            wrong.append("BASE_URL: set the public https:// address")
        if wrong:
            raise RuntimeError("Production does not start:\n  " + "\n  ".join(wrong))


CONFIGS: dict[str, type[Config]] = {c.NAME: c for c in (Development, Testing, Production)}


def from_environment() -> Config:
    """The configuration that APP_ENV names (development, testing, production)."""
    name = os.environ.get("APP_ENV", "development").lower()
    if name not in CONFIGS:
        raise RuntimeError(f"APP_ENV is {name!r}; it must be one of {', '.join(CONFIGS)}")
    return CONFIGS[name]()
