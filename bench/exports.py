"""How much memory a long file needs: `python -m bench.exports [rows] [xlsx|csv]`, on the database of bench/figures.py.

Writes the reconciliation of fees of the whole city's agency over the time in which so many dossiers paid (each is
one row), and prints rows, seconds and the peak of the process. Wanted: 100,000 rows of XLSX below 300 MB.
"""

import resource
import sys
import tempfile
import time
from datetime import date
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

import config
from app import create_app
from app.domain.roles import Actor, Role
from app.extensions import db
from app.models.exports import FileFormat
from app.services import reports, sheet_files
from app.services.report_asked import Asked
from bench.figures import URL

ROWS = 100_000


def main() -> None:
    rows = next((int(word) for word in sys.argv[1:] if word.isdigit()), ROWS)
    file_format = FileFormat(next((word for word in sys.argv[1:] if not word.isdigit()), "xlsx"))
    settings = config.Testing()
    settings.SQLALCHEMY_DATABASE_URI = URL.render_as_string(hide_password=False)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as file:
        settings.DATA_DIR = Path(folder)
        with create_app(settings).app_context():
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            agency = db.session.execute(sa.text("SELECT id FROM agency WHERE level = 'city'")).scalar_one()
            leader = Actor(user_id=0, role=Role.LEADER, agency_id=agency)
            begun = time.perf_counter()
            sheet = reports.make(leader, Asked("doi-chieu-phi", date(2015, 1, 1), date(2199, 1, 1)))
            lines = islice(iter(sheet.lines), rows)
            limited = type(sheet)(**{**vars(sheet), "lines": lines, "size": min(rows, sheet.size)})
            sheet_files.write(limited, file_format, file)
            seconds = time.perf_counter() - begun
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            size = f"{file.tell() / 1e6:.1f} MB"
            print(f"{limited.size:,} of {sheet.size:,} rows as {file_format}: {size} in {seconds:.0f} s")
            print(f"peak {peak} MB, of which {before} MB is the program itself")


if __name__ == "__main__":
    main()
