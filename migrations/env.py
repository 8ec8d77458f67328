"""Run the migrations on the connection that `smartcity.core.migrations` passes in."""

from alembic import context

from smartcity.app import create_app  # noqa: F401  (imports every package's tables)
from smartcity.core.db import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_server_default=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET lock_timeout = '3s'")
    context.run_migrations()
