"""What the pages of all apps are asked for: taken from the database once, so that everybody shows the same rows."""

from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

REST_ROWS, ROWS = 50, 25
DEEP = 10_000
"""The page of the REST list that is asked for; on a small database the last one."""


@dataclass(frozen=True)
class Facts:
    """A receiving officer's agency, and dossiers of it."""

    agency: int
    dossiers: int
    """In the whole database."""
    code: str
    name: str
    """An applicant's name without accents, as officers type it."""
    accented: str
    """The same with its accents: the peers know no other way."""
    dossier: int
    """One that is being appraised."""
    rest_after: int
    """Key before the deep page of the REST list."""
    before: int
    """Key after the deep page of a list with the newest first."""
    page: int
    """Number of that page, for those who count pages."""

    def as_dict(self) -> dict[str, Any]:
        """For another process."""
        return asdict(self)


def of(url: str) -> Facts:
    """Look into a database that `flask simulate` filled."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:

        def one(query: str, **values: Any) -> Any:
            return connection.execute(sa.text(query), values).one()

        mine = "SELECT {} FROM dossier WHERE agency_id = :agency AND state NOT IN ('draft', 'discarded')"
        (agency,) = one(
            "SELECT p.agency_id FROM profile p JOIN ab_user u ON u.id = p.user_id WHERE u.username = 'tiepnhan'"
        )
        (count,) = one(mine.format("count(*)"), agency=agency)
        rest = min(DEEP, count // REST_ROWS - 1)
        page = rest * REST_ROWS // ROWS
        skipped = " ORDER BY id {} LIMIT 1 OFFSET :skipped"
        (after,) = one(
            mine.format("id") + skipped.format(""), agency=agency, skipped=(rest - 1) * REST_ROWS - 1
        )
        (before,) = one(
            mine.format("id") + skipped.format("DESC"), agency=agency, skipped=(page - 1) * ROWS - 1
        )
        closed = mine.format("code, applicant_name") + " AND state = 'returned' AND id < :after"
        code, accented = one(closed + " ORDER BY id DESC LIMIT 1", agency=agency, after=after)
        (dossier,) = one(mine.format("max(id)") + " AND state = 'in_appraisal'", agency=agency)
        (everything,) = one("SELECT count(*) FROM dossier")
    engine.dispose()
    from app.domain.search import fold  # noqa: PLC0415 - the peers' processes do not need us

    return Facts(agency, everything, code, fold(accented), accented, dossier, after, before, page)
