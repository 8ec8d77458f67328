"""Fixtures of the fault suite. `make faults` runs all of it, `make test` a small part."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.faults.campaign_site import CampaignSite
from tests.faults.results import FOLDER
from tests.faults.site import Site

collect_ignore = [] if os.environ.get(FOLDER) else ["scenarios"]

MakeSite = Callable[..., Site]
MakeCampaignSite = Callable[..., CampaignSite]


@pytest.fixture
def make_site(tmp_path: Path, database_url: str) -> Iterator[MakeSite]:
    """Start sites of real processes on the test's database: `make_site(workers=3)`."""
    with ExitStack() as stack:

        def make(database: str = database_url, **options: Any) -> Site:
            return stack.enter_context(Site(tmp_path, database, **options))

        yield make


@pytest.fixture
def make_campaign_site(tmp_path: Path, database_url: str) -> Iterator[MakeCampaignSite]:
    """The same for campaigns: `make_campaign_site(phones=2_000)`."""
    with ExitStack() as stack:

        def make(database: str = database_url, **options: Any) -> CampaignSite:
            return stack.enter_context(CampaignSite(tmp_path, database, **options))

        yield make
