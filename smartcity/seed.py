"""Load what a province is made of from `config/province/`: areas, agencies, categories, rules."""

from sqlalchemy.orm import Session

from smartcity.areas import service as areas
from smartcity.catalogue.exchange.seeding import load_procedures
from smartcity.catalogue.finding.everyday import everyday
from smartcity.catalogue.finding.paths import paths
from smartcity.core.calendar import calendar
from smartcity.core.context import settings
from smartcity.guide.events.event import EVENT
from smartcity.guide.jobs.job import JOB
from smartcity.guide.notices.notice import NOTICE
from smartcity.guide.partners.partner import PARTNER
from smartcity.guide.places.place import PLACE
from smartcity.guide.prices.bringing import load_prices
from smartcity.guide.prices.good import GOOD
from smartcity.home.home_file import load_contacts
from smartcity.identity import service as identity
from smartcity.participation.activities.activity import ACTIVITY
from smartcity.participation.contests.contest import CONTEST
from smartcity.participation.drafts.draft import DRAFT
from smartcity.participation.questions.seeding import load_questions
from smartcity.participation.surveys.survey import SURVEY
from smartcity.registers.seeding import load_records
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


def seed_guide(session: Session) -> None:
    """Bring in the city guide of the files; what officers have changed since is left."""
    files = settings().province_dir / "guide"
    for places in sorted((files / "places").glob("*.yaml")):
        load_records(session, PLACE, places)
    load_records(session, JOB, files / "jobs.yaml")
    load_records(session, EVENT, files / "events.yaml")
    load_records(session, NOTICE, files / "notices.yaml")
    load_records(session, PARTNER, files / "partners.yaml")
    load_records(session, GOOD, files / "prices.yaml")
    load_prices(session, settings().province_dir)


def seed_participation(session: Session) -> None:
    """Bring in what citizens take part in, of the files; what officers have changed is left."""
    files = settings().province_dir / "participation"
    load_records(session, ACTIVITY, files / "activities.yaml")
    load_records(session, CONTEST, files / "contests.yaml")
    load_records(session, SURVEY, files / "surveys.yaml")
    load_records(session, DRAFT, files / "drafts.yaml")
    load_questions(session, settings().province_dir)
