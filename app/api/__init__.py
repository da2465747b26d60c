"""Door for other systems: read-only resources and one route per transition, log-in by JWT only."""

from flask import Flask
from flask_appbuilder import AppBuilder

from app.api.resources import AttachmentsApi, DossiersApi, FeesApi, ProceduresApi, UnitsApi

APIS = (ProceduresApi, FeesApi, UnitsApi, DossiersApi, AttachmentsApi)


def init_app(app: Flask, appbuilder: AppBuilder) -> None:  # noqa: ARG001 - the signature of every door
    """Register the resources under /api/v1/."""
    for api in APIS:
        appbuilder.add_api(api)
