"""Whom a rule meets: the database and Python say the same, and what counts as a rule."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from smartcity.core import clock
from smartcity.core.db import reading, transaction
from smartcity.identity.models import Citizen
from smartcity.push import choices
from smartcity.push.addresses import devices_of, prune_all, quarantine_all
from smartcity.push.audience import STALE, AudienceRule, counted, matching, meets
from smartcity.push.models import Device, DeviceChoice
from smartcity.push.versions import app_number
from tests.helpers import Headers, rows, statements
from tests.push.conftest import Register
from tests.push.phones import add_phones, phone

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime.fromisoformat("2026-11-22T08:00:00+07:00")
WARDS, TOPICS = ("10507", "10525"), ("weather", "fraud")
CATEGORIES = ("news", "events", "warnings")
VERSIONS = ("unreadable", "2.9.9", "3.0.0", "3.2.1")


def some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, unique=True)


RULES = st.fixed_dictionaries(
    {},
    optional={
        "areas": some(WARDS),
        "topics": some(TOPICS),
        "platforms": some(("android", "ios", "web")),
        "app_from": st.sampled_from(VERSIONS[1:3]),
        "app_to": st.sampled_from(VERSIONS[2:]),
        "locales": some(("vi", "en")),
        "seen_within_days": st.sampled_from((1, 7, 30)),
    },
)
DAYS = (0.0, 1.0, 6.999, 7.001, 30.0, 30.001)
PHONES = st.lists(
    st.tuples(
        st.fixed_dictionaries(
            {
                "ward": st.sampled_from((None, *WARDS)),
                "platform": st.sampled_from(("android", "ios", "web")),
                "app_version": st.sampled_from(VERSIONS),
                "locale": st.sampled_from(("vi", "en")),
                "quarantined_at": st.sampled_from((None, None, NOW)),
                "last_seen_at": st.sampled_from([NOW - timedelta(days=d) for d in DAYS]),
            }
        ),
        st.dictionaries(st.sampled_from((*TOPICS, *CATEGORIES)), st.booleans()),
    ),
    min_size=4,
    max_size=12,
)


def make(session: Session, phones: list[tuple[dict[str, Any], dict[str, bool]]]) -> None:
    session.execute(delete(Device))
    made = [
        phone(n, **told, app_number=app_number(told["app_version"]))
        for n, (told, _) in enumerate(phones, 1)
    ]
    chosen = [(n, *one) for n, (_, kept) in enumerate(phones, 1) for one in kept.items()]
    add_phones(session, made, chosen)


def met(session: Session, rule: dict[str, Any], category: str) -> list[int]:
    """The devices that the rule meets as Python sees it."""
    found = []
    for device in session.scalars(select(Device)):
        chosen = choices.of(session, device)
        fresh = device.last_seen_at >= NOW - STALE and device.quarantined_at is None
        if fresh and choices.wants(chosen, category) and meets(device, rule, chosen):
            found.append(device.number)
    return sorted(found)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(phones=PHONES, rule=RULES, category=st.sampled_from(CATEGORIES))
@example(phones=[({"app_version": "3.0.0"}, {"warnings": False})], rule={}, category="warnings")
def test_the_database_and_python_agree(
    in_app: Flask, phones: Any, rule: dict[str, Any], category: str
) -> None:
    with clock.frozen(NOW), transaction() as session:
        make(session, phones)
        rule = AudienceRule().load(rule)
        found = session.execute(matching(rule, category)).all()
        assert sorted(number for number, _, _ in found) == met(session, rule, category)
        in_order = [(ward, platform, number) for number, ward, platform in found]
        assert in_order == sorted(in_order)
        totals = counted(session, rule, category)
        assert totals.total == len(found) == sum(totals.areas.values())
        assert sum(totals.platforms.values()) == sum(totals.locales.values()) == len(found)
        session.rollback()


def test_an_empty_rule_is_everybody_who_may_be_reached(in_app: Flask) -> None:
    with transaction() as session:
        add_phones(
            session,
            [phone(1, ward="10525", locale="en"), phone(2, platform="ios"), phone(3), phone(4)],
            [(3, "news", False), (4, "warnings", False)],
        )
        assert session.execute(matching({}, "news")).all() == [
            (4, "", "android"),
            (2, "", "ios"),
            (1, "10525", "android"),
        ]
        warned = counted(session, {}, "warnings")
        assert (warned.total, warned.platforms) == (4, {"android": 3, "ios": 1})
        assert (warned.locales, warned.areas) == ({"vi": 3, "en": 1}, {"": 3, "10525": 1})


@on_sqlite
def test_what_is_no_rule_is_refused_by_name(in_app: Flask) -> None:
    for field, value in (
        ("areas", ["99999"]),
        ("areas", []),
        ("areas", "10507"),
        ("topics", ["news"]),
        ("platforms", ["symbian"]),
        ("app_from", "newest"),
        ("app_to", ""),
        ("locales", ["fr"]),
        ("seen_within_days", 0),
        ("seen_within_days", 31),
        ("seen_within_days", "7"),
        ("colours", ["red"]),
    ):
        with pytest.raises(ValidationError) as refused:
            AudienceRule().load({field: value})
        assert set(refused.value.normalized_messages()) == {field}, value
    with pytest.raises(ValidationError) as refused:
        AudienceRule().load({"app_from": "3.1", "app_to": "3.0.9"})
    assert refused.value.normalized_messages() == {"app_to": ["push.versions_order"]}
    assert AudienceRule().load({"app_from": "3.1", "app_to": "3.1.0"})


def test_versions_have_an_order() -> None:
    versions = ["", "v3", "0.0.1", "2.9.9", "3", "3.0.1-beta", "3.0.2 (45)", "3.1", "12.0.0"]
    numbers = [app_number(version) for version in versions]
    assert numbers == sorted(numbers)
    assert numbers[:2] == [0, 0]
    assert app_number("3.2.1+7") == 3_002_001
    assert [app_number(v) for v in ("1.1000.0", "1.2.3.4", "٣.١", "1234.0.0", "3.2.1.")] == [0] * 5


def test_a_window_reads_its_addresses_in_one_statement(in_app: Flask) -> None:
    with transaction() as session:
        phones = [phone(1, ward="10507", quiet_from=60, quiet_to=0), phone(2), phone(3)]
        phones[2]["quarantined_at"] = clock.now()
        add_phones(session, phones, [(2, "news", False), (1, "news", True), (2, "fraud", True)])
        with statements(in_app) as seen:
            found = devices_of(session, range(1, 200), "news")
        assert len(seen) == 1
        assert found == {
            1: (1, "token", "token-1", "android", "10507", "vi", 60, 0, False),
            2: (2, "token", "token-2", "android", "", "vi", None, None, True),
        }
        assert (found[1].quiet, found[2].off) == ((60, 0), True)
        assert not devices_of(session, [2], "warnings")[2].off
        assert devices_of(session, [], "news") == {}


def test_only_what_was_sent_to_is_pruned_or_put_into_quarantine(in_app: Flask) -> None:
    with transaction() as session:
        add_phones(session, map(phone, range(1, 1_001)), [(1, "news", False), (2, "news", False)])
        dead = [(n, "token", f"token-{n}") for n in range(1, 900, 2)]
        moved = [(2, "token", "token-of-before"), (4, "fid", "token-4"), (5_000, "token", "x")]
        with statements(in_app) as seen:
            assert prune_all(session, [*dead, *moved]) == len(dead)
        assert len(seen) == 1
        assert quarantine_all(session, [(2, "token", "token-2"), *moved, *dead]) == 1
        assert prune_all(session, []) == 0
    assert len(rows(in_app, Device)) == 1_000 - len(dead)
    assert [d.number for d in rows(in_app, Device, Device.quarantined_at.is_not(None))] == [2]
    assert [c.device for c in rows(in_app, DeviceChoice)] == [2]


def test_a_citizen_who_has_not_agreed_gets_critical_messages_alone(
    app: Flask, client: FlaskClient, register: Register, me: Headers
) -> None:
    register("hers")
    answers = {"news": [], "warnings": []}
    for granted in (None, True, False):
        if granted is not None:
            told = {"granted": granted, "policy_version": 1}
            answer = client.put("/api/v1/me/consents/campaigns", json=told, headers=me)
            assert answer.status_code == 200, answer.json
        with app.app_context(), reading() as session:
            for category, totals in answers.items():
                totals.append(counted(session, {}, category).total)
                assert len(session.execute(matching({}, category)).all()) == totals[-1]
    assert answers == {"news": [0, 1, 0], "warnings": [1, 1, 1]}


def test_whose_data_are_restricted_gets_critical_messages_alone(
    app: Flask, client: FlaskClient, register: Register, me: Headers
) -> None:
    register("hers")
    told = {"granted": True, "policy_version": 1}
    client.put("/api/v1/me/consents/campaigns", json=told, headers=me)
    with app.app_context(), transaction() as session:
        session.execute(update(Citizen).values(restricted_at=clock.now()))
        assert counted(session, {}, "news").total == 0
        assert counted(session, {}, "warnings").total == 1
