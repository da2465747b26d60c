"""The application for gunicorn and flask (`FLASK_APP=run.py`), and `python run.py`: web and worker together."""

from app import create_app

app = create_app()
