"""What has to be true before the service opens its doors."""

from sqlalchemy import func, select

from app.extensions import config, db
from app.models.organisation import Profile


def refuse_if_unsafe() -> None:
    """Raise RuntimeError when production would open with demo accounts, whose passwords are public."""
    if config("DEMO_ACCOUNTS_ALLOWED"):
        return
    found = db.session.scalar(select(func.count()).select_from(Profile).where(Profile.is_demo))
    if found:
        raise RuntimeError(
            f"Production does not start: {found} demo accounts with public passwords are in the database. "
            "Begin with an empty database and `flask set-up --no-demo`."
        )
