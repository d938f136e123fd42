"""Run by Alembic inside `migrate`: the connection is handed over, nothing is read from files."""

from alembic import context

from adapters.database.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
