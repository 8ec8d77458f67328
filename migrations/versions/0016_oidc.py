"""Identities of other providers, and sign-ins under way."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "authorization_requests",
        sa.Column("state_index", sa.String(length=43), nullable=False),
        sa.Column("bound_to", sa.String(length=43), nullable=False),
        sa.Column("sealed", sa.String(length=400), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_index", name=op.f("pk_authorization_requests")),
    )
    for column in ("bound_to", "expires_at"):
        name = op.f(f"ix_authorization_requests_{column}")
        op.create_index(name, "authorization_requests", [column])
    op.create_table(
        "officer_identities",
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_officer_identities_officer_id_officers")
        ),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_officer_identities")),
        sa.UniqueConstraint("officer_id", name=op.f("uq_officer_identities_officer_id")),
    )
    with op.batch_alter_table("citizens") as citizens:
        citizens.add_column(sa.Column("verified_at", sa.DateTime(timezone=True)))
        citizens.add_column(sa.Column("identity_index", sa.String(length=43)))
        citizens.create_unique_constraint(op.f("uq_citizens_identity_index"), ["identity_index"])


def downgrade() -> None:
    with op.batch_alter_table("citizens") as citizens:
        citizens.drop_constraint(op.f("uq_citizens_identity_index"), type_="unique")
        citizens.drop_column("identity_index")
        citizens.drop_column("verified_at")
    op.drop_table("officer_identities")
    op.drop_table("authorization_requests")
