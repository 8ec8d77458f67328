"""Run the migrations on the connection that `smartcity.core.migrations` passes in."""

from alembic import context

from smartcity.app import create_app  # noqa: F401  (every package's tables come with it)
from smartcity.core.db import Base, UtcDateTime


def render_item(kind, item, _autogen):
    """Migrations name plain SQL types: they must read the same when the code has changed."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def is_for_this_database(item, name, kind, _reflected, _compared):
    """An index may be one database's alone: its info says `only`. So is the search's own table."""
    if kind == "table" and name.startswith("search_words"):
        return False
    return item.info.get("only") in (None, connection.dialect.name)


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=context.config.attributes.get("batch", connection.dialect.name == "sqlite"),
    render_item=render_item,
    include_object=is_for_this_database,
)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        # Waiting is limited, working is not: an index on a large table takes its time.
        connection.exec_driver_sql("SET LOCAL lock_timeout = '3s'")
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    context.run_migrations()
