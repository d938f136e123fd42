"""When questions were asked and wishes made, so that old ones can be forgotten.

What waits already counts as new: nobody knows since when it does.
"""

import time

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ADDED = {"questions": "asked_at", "wishes": "wished_at"}


def upgrade() -> None:
    for table, name in ADDED.items():
        op.add_column(table, sa.Column(name, sa.Float, nullable=False, server_default="0"))
        op.execute(sa.update(sa.table(table, sa.column(name))).values({name: time.time()}))


def downgrade() -> None:
    for table, name in ADDED.items():
        op.drop_column(table, name)
