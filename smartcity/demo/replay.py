"""`smartcity replay`: file real reports through the API, as many citizens would.

Takes Boston's 311 file: its places are shifted into the province, its types become our categories
by `config/province/boston_311.yaml`, and the words, which the file lacks, are ours.
"""

import csv
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import click
import urllib3
import yaml

from smartcity.demo.client import Caller, Phone
from smartcity.settings import Settings

BOSTON = (42.32, -71.08)
HAI_DUONG = (20.94, 106.33)
PATIENCE = 120.0  # seconds that a phone keeps repeating one report
AGAIN = {401, 408, 409, 425, 429, 500, 502, 503, 504}


class Journal:
    """What became of the rows: counted, and the accepted ones written down as they come."""

    def __init__(self, file: Path | None) -> None:
        self.counted: Counter[str] = Counter()
        self._file = file
        self._writing = threading.Lock()

    def accepted(self, row: str, report: dict[str, Any]) -> None:
        """Note a report that the API has."""
        line = json.dumps({"row": row, "id": report["id"], "code": report["code"]})
        with self._writing:
            self.counted["accepted"] += 1
            if self._file:
                with self._file.open("a") as kept:
                    kept.write(f"{line}\n")

    def refused(self, row: str, told: str) -> None:
        """Note a row that the API will not have."""
        self.repeated("refused")
        click.echo(f"{row}: {told}", err=True)

    def repeated(self, what: str = "repeated") -> None:
        """Count a request that has to be sent again."""
        with self._writing:
            self.counted[what] += 1


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rate", default=20.0, show_default=True, help="Reports a second.")
@click.option("--limit", type=int, help="Only the first so many rows.")
@click.option("--citizens", default=20, show_default=True, help="How many people file them.")
@click.option("--threads", default=8, show_default=True, help="Requests at a time.")
@click.option("--journal", type=click.Path(path_type=Path), help="Where accepted reports go.")
@click.option(
    "--site",
    type=click.Path(exists=True, path_type=Path),
    default=Path("var/demo.json"),
    show_default=True,
    help="The addresses of a running demonstration.",
)
def replay(
    file: Path,
    rate: float,
    limit: int | None,
    citizens: int,
    threads: int,
    journal: Path | None,
    site: Path,
) -> None:
    """File the reports of FILE.csv, as many citizens would; exit code 1 when one was refused.

    A row that the same number of citizens files again is the same report: an interrupted replay
    may be repeated.
    """
    addresses, kept = json.loads(site.read_text("utf-8")), Journal(journal)
    rows = _paced(islice(reports_in(file), limit), rate)
    with ThreadPoolExecutor(threads) as pool:
        people = list(pool.map(partial(_citizen, addresses), range(citizens)))
        filings = [pool.submit(_file, p, *row, kept) for p, row in zip(cycle(people), rows)]
    for filing in filings:
        filing.result()
    click.echo(", ".join(f"{count} {what}" for what, count in sorted(kept.counted.items())))
    sys.exit(1 if kept.counted["refused"] else 0)


def _citizen(addresses: dict[str, str], number: int) -> Phone:
    """The phone of one of the people, signed in."""
    phone = Phone(addresses["api"])
    phone.sign_in(f"+8498{number:07d}", Caller(addresses["sms"]))
    return phone


def reports_in(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each case's number and the report that we make of it."""
    told = yaml.safe_load((Settings.province_dir / "boston_311.yaml").read_text("utf-8"))
    with file.open(newline="", encoding="utf-8") as cases:
        for case in csv.DictReader(cases):
            if case["LATITUDE"] and case["LONGITUDE"]:
                yield case["CASE_ENQUIRY_ID"], _report(case, told)


def _report(case: dict[str, str], told: dict[str, Any]) -> dict[str, Any]:
    by_reason = told["reasons"].get(case["REASON"], told["default"])
    category = told["types"].get(case["TYPE"], by_reason)
    street = case["Location"].split("  ")[0][:100] or "khu dân cư"
    words = told["sentences"].get(category) or told["sentences"][told["default"]]
    chosen = words[int(case["CASE_ENQUIRY_ID"]) % len(words)]
    return {
        "category": category,
        "description": chosen.format(street=street),
        "latitude": round(float(case["LATITUDE"]) - BOSTON[0] + HAI_DUONG[0], 6),
        "longitude": round(float(case["LONGITUDE"]) - BOSTON[1] + HAI_DUONG[1], 6),
        "address": street,
    }


def _paced(
    rows: Iterable[tuple[str, dict[str, Any]]], rate: float
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows, at most `rate` a second."""
    began = time.monotonic()
    for number, row in enumerate(rows):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        yield row


def _file(phone: Phone, row: str, report: dict[str, Any], journal: Journal) -> None:
    """File one report under one key, again and again until the API has answered."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        answer = _answer(phone, row, report)
        if answer is None or answer.status in AGAIN:
            journal.repeated()
            time.sleep(float(answer.headers.get("Retry-After", 1)) if answer else 1.0)
        elif answer.status == 201:
            return journal.accepted(row, answer.json())
        else:
            return journal.refused(row, f"{answer.status} {answer.data.decode()}")
    return journal.refused(row, "no answer in time")


def _answer(phone: Phone, row: str, report: dict[str, Any]) -> urllib3.BaseHTTPResponse | None:
    """What the API says to the report; None when nothing came."""
    token = phone.token
    try:
        answer = phone.answer("POST", "/api/v1/reports", report, Idempotency_Key=f"row-{row}")
        if answer.status == 401:
            phone.renew(token)
    except urllib3.exceptions.HTTPError:
        return None
    return answer
