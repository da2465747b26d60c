"""Stock Django admin: its own ModelAdmin over our tables, with its own defaults; its users in tables of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
import sqlalchemy as sa
from django.apps import AppConfig
from django.conf import settings

LABEL = "bench_django"


class Peer(AppConfig):
    """What Django wants to know of a package with models."""

    name, label, path = __name__, LABEL, str(Path(__file__).parent)


def _database(url: str) -> dict[str, Any]:
    parts = sa.make_url(url)
    if parts.get_backend_name() == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": parts.database}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.database,
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "HOST": parts.host or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": None,
    }


def _configure(url: str) -> None:
    contrib = ("admin", "auth", "contenttypes", "sessions", "messages")
    middleware = (
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    )
    processors = ("request", "auth", "messages")
    prefix = {"auth": "django.contrib.auth", "messages": "django.contrib.messages"}
    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["testserver"],
        USE_TZ=True,
        DATABASES={"default": _database(url)},
        INSTALLED_APPS=[*(f"django.contrib.{name}" for name in contrib), f"{__name__}.Peer"],
        MIDDLEWARE=middleware,
        ROOT_URLCONF=__name__,
        STATIC_URL="/static/",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        f"{prefix.get(name, 'django.template')}.context_processors.{name}"
                        for name in processors
                    ]
                },
            }
        ],
    )
    django.setup()


urlpatterns: list[Any] = []


class App:
    """Two stock lists and a stock superuser."""

    def __init__(self, url: str, facts: dict[str, Any]) -> None:
        _configure(url)
        from django.contrib import admin  # noqa: PLC0415 - only after the configuration
        from django.contrib.auth.models import User  # noqa: PLC0415
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connection, models  # noqa: PLC0415
        from django.test import Client  # noqa: PLC0415
        from django.urls import path  # noqa: PLC0415

        def table(name: str, fields: dict[str, Any]) -> Any:
            meta = type("Meta", (), {"managed": False, "db_table": name, "app_label": LABEL})
            shown = {"__str__": lambda row: getattr(row, "name", None) or row.code or "-"}
            return type(
                name.title(), (models.Model,), {"__module__": __name__, "Meta": meta, **shown, **fields}
            )

        def link(to: Any, **options: Any) -> Any:
            return models.ForeignKey(to, models.DO_NOTHING, **options)

        department = table("department", {"name": models.CharField(max_length=200)})
        field = table("field", {"name": models.CharField(max_length=200)})
        procedure = table(
            "procedure",
            {
                "code": models.CharField(max_length=20),
                "name": models.CharField(max_length=300),
                "field": link(field),
                "level": models.CharField(max_length=40),
                "processing_time": models.IntegerField(),
                "confirmed": models.BooleanField(),
            },
        )
        dossier = table(
            "dossier",
            {
                "code": models.CharField(max_length=60, null=True),
                "applicant_name": models.CharField(max_length=200),
                "procedure_name": models.CharField(max_length=300),
                "state": models.CharField(max_length=40),
                "department": link(department, null=True),
                "agency_id": models.BigIntegerField(),
                "submitted_at": models.DateTimeField(null=True),
                "due_at": models.DateTimeField(null=True),
            },
        )

        class Dossiers(admin.ModelAdmin):
            list_display = (
                "code", "applicant_name", "procedure_name", "state", "department", "submitted_at", "due_at",
            )  # fmt: skip
            search_fields = ("applicant_name",)
            ordering = ("-id",)
            list_per_page = 25

            def get_queryset(self, request: Any) -> Any:
                return super().get_queryset(request).filter(agency_id=facts["agency"])

        class Procedures(admin.ModelAdmin):
            list_display = ("code", "name", "field", "level", "processing_time", "confirmed")
            list_per_page = 25

        site = admin.AdminSite()
        site.register(dossier, Dossiers)
        site.register(procedure, Procedures)
        urlpatterns.append(path("admin/", site.urls))
        call_command("migrate", verbosity=0)
        self.facts, self.queries = facts, 0
        self.browser = Client()
        person, _ = User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
        self.browser.force_login(person)
        connection.execute_wrappers.append(self._count)

    def pages(self) -> dict[str, Callable[[], Any]]:
        """What is measured."""
        base = f"/admin/{LABEL}"
        return {
            "list": lambda: self.browser.get(f"{base}/dossier/"),
            "deep page": lambda: self.browser.get(f"{base}/dossier/", {"p": self.facts["page"]}),
            "search": lambda: self.browser.get(f"{base}/dossier/", {"q": self.facts["accented"]}),
            "procedures": lambda: self.browser.get(f"{base}/procedure/"),
        }

    def _count(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.queries += 1
        return execute(*arguments)
