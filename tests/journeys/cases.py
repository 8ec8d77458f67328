"""Reports to replay: real ones where they are at hand, else rows of the same form."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from tests.conftest import shared_data

STREETS = ("Beacon St", "Dorchester Ave", "Ipswich St", "Florence St", "Hyde Park Ave")
KINDS = (
    ("Street Lights", "Street Light Outages"),
    ("Highway Maintenance", "Request for Pothole Repair"),
    ("Sanitation", "Missed Trash/Recycling/Yard Waste/Bulk Item"),
    ("Trees", "Tree Emergencies"),
    ("Housing", "Heat - Excessive  Insufficient"),
    ("a reason that nobody knows", ""),
)


def cases(folder: Path, count: int) -> Path:
    """The shared reports_311.csv, or a file of `count` rows made into the folder."""
    shared = shared_data()
    real = shared / "reports_311.csv" if shared else None
    return real if real and real.is_file() else made_cases(folder / "made_311.csv", count)


def made_cases(file: Path, count: int) -> Path:
    """A file of made cases with the columns that a replay reads, always the same ones."""
    dice = random.Random(311)
    columns = ("CASE_ENQUIRY_ID", "REASON", "TYPE", "Location", "LATITUDE", "LONGITUDE")
    with file.open("w", newline="", encoding="utf-8") as made:
        rows = csv.writer(made)
        rows.writerow(columns)
        for number in range(count):
            street = f"{dice.randint(1, 400)} {dice.choice(STREETS)}  Boston  MA  02115"
            place = f"{dice.uniform(42.29, 42.35):.4f}", f"{dice.uniform(-71.11, -71.05):.4f}"
            rows.writerow((101009000000 + number, *dice.choice(KINDS), street, *place))
    return file
