"""Load what a province is made of from `config/province/`: areas, agencies, categories, rules."""

from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.catalogue.exchange.seeding import load_procedures
from smartcity.catalogue.finding.everyday import everyday
from smartcity.catalogue.finding.paths import paths
from smartcity.core.calendar import calendar
from smartcity.core.context import settings
from smartcity.home.home_file import load_contacts
from smartcity.identity import service as identity
from smartcity.reports import category_files
from smartcity.reports.deadlines.policy import read_policy
from smartcity.reports.desk.reply_files import load_replies
from smartcity.reports.intake import routing_files


def seed(session: Session) -> None:
    """Bring the reference data up to the files; may be repeated."""
    areas.load_province(session, settings().province_dir)
    category_files.load_categories(session, settings().province_dir)
    load_replies(session, settings().province_dir)
    routing_files.load_routing(session, settings().province_dir)
    load_contacts(session, settings().province_dir)
    identity.check_map(session, settings().province_dir)
    calendar()  # these are read when they are first needed; a fault in them shows now
    read_policy(settings().province_dir)
    everyday()
    paths()


def seed_procedures(session: Session) -> None:
    """Bring in the procedures of the files; what officers have changed since is left."""
    load_procedures(session, settings().province_dir)
