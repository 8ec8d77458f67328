"""What the documentation names is there: settings, commands, metrics, moves, links."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
from flask.testing import FlaskClient

from smartcity.cli import main
from smartcity.core.db import transaction
from smartcity.jobs.service import disable
from smartcity.settings import ROOT, Settings
from tests.docs.moves import centres_moves, officers_moves
from tests.docs.pages import DOCS, GUIDES, PAGES, README, anchors, links, table

EXAMPLE = ROOT / "config" / "example.env"
SETTING = re.compile(r"\bSMARTCITY_([A-Z0-9_]+)")
METRIC = re.compile(r"\b(?:http_requests|http_request|jobs)_[a-z_]+\b")
COMMAND = re.compile(r"(?:^|[`/ ])smartcity ((?:[a-z]+(?:-[a-z]+)*\b ?)+)([^`\n]*)", re.M)
page = pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())


def test_every_setting_is_told_to_the_operator_and_no_other() -> None:
    told = re.findall(r"^(?:# )?SMARTCITY_([A-Z0-9_]+)=", EXAMPLE.read_text("utf-8"), re.M)
    assert sorted(told) == sorted(_settings())


@page
def test_settings_named_are_settings(page: Path) -> None:
    assert set(SETTING.findall(page.read_text("utf-8"))) <= _settings()


def test_the_short_names_of_settings_are_settings() -> None:
    cells = [row[1] for row in table(README, "")[:7]]
    cells += [row[0] for row in table(DOCS / "runbooks" / "keys.md", "key")]
    named = {name for cell in cells for name in re.findall(r"`([A-Z0-9_]{5,})[=`]", cell)}
    assert len(named) > 12
    assert named <= _settings()


@page
def test_no_page_says_a_thing_twice(page: Path) -> None:
    headings = re.findall(r"^#+ .+$", page.read_text("utf-8"), re.M)
    assert len(headings) == len(set(headings))


@page
def test_commands_shown_exist(page: Path) -> None:
    for words, rest in COMMAND.findall(page.read_text("utf-8")):
        command = _command(words.split())
        known = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= known, f"smartcity {words}{rest}"


@page
def test_make_targets_shown_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", page.read_text("utf-8"), re.M)) <= targets


@page
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        if not link.startswith("https://"):
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


def test_metrics_named_are_exported(client: FlaskClient) -> None:
    client.get("/healthz")
    _disable_a_queue(client)  # a queue that is healthy and empty has no row
    exported = client.get("/metrics").get_data(as_text=True)
    pages = [GUIDES / "operator.md", *(DOCS / "runbooks").glob("*.md")]
    named = {name for p in pages for name in METRIC.findall(p.read_text("utf-8"))}
    promised = {row[0].strip("`") for row in table(GUIDES / "operator.md", "metric")}
    assert named <= promised
    assert promised <= set(re.findall(r"^# TYPE (\w+)", exported, re.M))


def test_the_tables_of_moves_are_the_workflow() -> None:
    assert table(GUIDES / "ioc.md", "move") == centres_moves()
    assert table(GUIDES / "officer.md", "sub-resource") == officers_moves()


def test_every_direct_dependency_is_accounted_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {k: v for k, v in project["optional-dependencies"].items() if k != "dev"}
    listed = [*project["dependencies"], *(line for extra in extras.values() for line in extra)]
    names = {re.split(r"[\[>=<]", line)[0] for line in listed}
    cells = [row[0] for row in table(DOCS / "decisions" / "0001-dependencies.md", "")]
    told = re.findall(r"[\w-]+", re.sub(r"\(.*?\)|\[.*?\]", "", " ".join(cells)))
    assert sorted(told) == sorted(names)


def test_every_alarm_has_its_page() -> None:
    folder = DOCS / "runbooks"
    alarms = {link for row in table(folder / "README.md", "alarm") for link in _named(row[0])}
    assert alarms == {file.name for file in folder.glob("*.md")} - {"README.md", "keys.md"}
    for alarm in alarms:
        assert len((folder / alarm).read_text("utf-8").splitlines()) <= 40, alarm


def _settings() -> set[str]:
    return {field.name.upper() for field in fields(Settings)}


def _command(words: list[str]) -> click.Command:
    """The command that words begin with; AssertionError when there is none."""
    command: click.Command = main
    for word in words:
        if not isinstance(command, click.Group):
            break
        assert word in command.commands, f"smartcity {' '.join(words)}"
        command = command.commands[word]
    return command


def _named(cell: str) -> Iterator[str]:
    return (m[1] for m in re.finditer(r"\]\((.+?)\)", cell))


def _disable_a_queue(client: FlaskClient) -> None:
    with client.application.app_context(), transaction() as session:
        disable(session, "ioc", "HTTP 410")


def test_what_security_names_is_there() -> None:
    page = (GUIDES / "security.md").read_text("utf-8")
    rows = [row for row in page.splitlines() if row.startswith("| ") and row.count("|") == 5]
    assert len(rows) > 40
    for row in rows[1:]:
        *_, built, shown, _ = row.split("|")
        for path in re.findall(r"`([^`]+)`", built):
            assert (ROOT / "smartcity" / path).is_file(), path
        for named in re.findall(r"`([^`]+)`", shown):
            path, _, test = named.partition("::")
            assert f"def {test or 'test_'}" in (ROOT / "tests" / path).read_text("utf-8"), named
