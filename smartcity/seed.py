"""Load what a province is made of from `config/province/`: areas, agencies, categories, reasons."""

from sqlalchemy.orm import Session


def seed(session: Session) -> None:
    """Bring the reference data up to the files; may be repeated."""
