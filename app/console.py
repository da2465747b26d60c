"""Door: console."""

from flask import Flask
from flask_appbuilder import AppBuilder


def init_app(app: Flask, appbuilder: AppBuilder) -> None:
    """Register the door."""
