"""Rules that are true with pen and paper: no Flask, no SQLAlchemy."""
