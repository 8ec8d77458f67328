"""`smartcity areas`: wards and their boundaries."""

from pathlib import Path

import click

from smartcity.areas import service as areas
from smartcity.commands.running import change, in_app


@click.group("areas")
def group() -> None:
    """Wards and their boundaries."""


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_app
def import_areas(file: Path) -> None:
    """Take ward boundaries from a GeoJSON FILE; all of it or nothing."""
    with change() as (session, audit):
        click.echo(areas.import_boundaries(session, file))
        audit("areas.import", ("province", None), file=file.name)
