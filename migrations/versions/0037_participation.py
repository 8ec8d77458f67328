"""Taking part: activities, contests, surveys, comments on drafts, questions, teams' codes."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.create_table(
        "activity_seats",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["register_entries.id"],
            name="fk_activity_seats_activity_id_register_entries",
        ),
        sa.PrimaryKeyConstraint("activity_id", name="pk_activity_seats"),
    )
    op.create_table(
        "activity_registrations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ward", sa.String(length=20), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("called_sealed", sa.String(length=500), nullable=True),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["register_entries.id"],
            name="fk_activity_registrations_activity_id_register_entries",
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizens.id"],
            name="fk_activity_registrations_citizen_id_citizens",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_activity_registrations"),
        sa.UniqueConstraint(
            "activity_id", "citizen_id", name="uq_activity_registrations_activity_id_citizen_id"
        ),
    )
    op.create_index(
        "ix_activity_registrations_activity_id_state_number",
        "activity_registrations",
        ["activity_id", "state", "number"],
    )
    op.create_index(
        "ix_activity_registrations_citizen_id_registered_at_id",
        "activity_registrations",
        ["citizen_id", "registered_at", "id"],
    )
    op.create_table(
        "contest_entrants",
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("called", sa.String(length=60), nullable=True),
        sa.Column("ward", sa.String(length=20), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("best_id", sa.Uuid(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizens.id"],
            name="fk_contest_entrants_citizen_id_citizens",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["register_entries.id"],
            name="fk_contest_entrants_contest_id_register_entries",
        ),
        sa.PrimaryKeyConstraint("contest_id", "citizen_id", name="pk_contest_entrants"),
    )
    op.create_index(
        "ix_contest_entrants_ranking",
        "contest_entrants",
        ["contest_id", sa.text("points DESC"), "took_ms", "citizen_id"],
    )
    op.create_table(
        "contest_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("paper", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizens.id"],
            name="fk_contest_attempts_citizen_id_citizens",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["register_entries.id"],
            name="fk_contest_attempts_contest_id_register_entries",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contest_attempts"),
        sa.UniqueConstraint(
            "citizen_id",
            "contest_id",
            "number",
            name="uq_contest_attempts_citizen_id_contest_id_number",
        ),
    )
    op.create_index("ix_contest_attempts_state_ends_at", "contest_attempts", ["state", "ends_at"])
    op.create_table(
        "contest_draws",
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("seed", sa.String(length=200), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["register_entries.id"],
            name="fk_contest_draws_contest_id_register_entries",
        ),
        sa.PrimaryKeyConstraint("contest_id", name="pk_contest_draws"),
    )
    op.create_table(
        "contest_regrades",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entrants", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["register_entries.id"],
            name="fk_contest_regrades_contest_id_register_entries",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contest_regrades"),
    )
    op.create_index(
        "ix_contest_regrades_contest_id_made_at_id",
        "contest_regrades",
        ["contest_id", "made_at", "id"],
    )
    op.create_table(
        "contest_winners",
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("entrant_id", sa.Uuid(), nullable=False),
        sa.Column("called", sa.String(length=60), nullable=True),
        sa.Column("ward", sa.String(length=20), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("prize", sa.String(length=200), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizens.id"],
            name="fk_contest_winners_citizen_id_citizens",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["contest_id"],
            ["register_entries.id"],
            name="fk_contest_winners_contest_id_register_entries",
        ),
        sa.PrimaryKeyConstraint("contest_id", "place", name="pk_contest_winners"),
    )
    op.create_index("ix_contest_winners_citizen_id", "contest_winners", ["citizen_id"])
    op.create_table(
        "survey_responses",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("respondent", sa.String(length=43), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("ward", sa.String(length=20), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("hurried", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["register_entries.id"],
            name="fk_survey_responses_survey_id_register_entries",
        ),
        sa.PrimaryKeyConstraint("survey_id", "respondent", name="pk_survey_responses"),
    )
    op.create_index(
        "ix_survey_responses_survey_id_at_respondent",
        "survey_responses",
        ["survey_id", "at", "respondent"],
    )
    op.create_table(
        "draft_comments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("clause", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("reply", sa.String(length=4000), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizens.id"],
            name="fk_draft_comments_citizen_id_citizens",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["register_entries.id"],
            name="fk_draft_comments_draft_id_register_entries",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_draft_comments"),
    )
    op.create_index("ix_draft_comments_citizen_id", "draft_comments", ["citizen_id"])
    op.create_index(
        "ix_draft_comments_draft_id_state_made_at_id",
        "draft_comments",
        ["draft_id", "state", "made_at", "id"],
    )
    op.create_index(
        "ix_draft_comments_state_made_at_id", "draft_comments", ["state", "made_at", "id"]
    )
    op.create_table(
        "citizen_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("watch_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency"], ["agencies.code"], name="fk_citizen_questions_agency_agencies"
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizens.id"],
            name="fk_citizen_questions_citizen_id_citizens",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_citizen_questions"),
        sa.UniqueConstraint("number", name="uq_citizen_questions_number"),
    )
    op.create_index(
        "ix_citizen_questions_agency_state_due_at",
        "citizen_questions",
        ["agency", "state", "due_at"],
    )
    op.create_index(
        "ix_citizen_questions_citizen_id_asked_at_id",
        "citizen_questions",
        ["citizen_id", "asked_at", "id"],
    )
    op.create_index(
        "ix_citizen_questions_published_at_id", "citizen_questions", ["published_at", "id"]
    )
    op.create_index(
        "ix_citizen_questions_state_asked_at_id", "citizen_questions", ["state", "asked_at", "id"]
    )
    op.create_index("ix_citizen_questions_watch_at", "citizen_questions", ["watch_at"])
    op.create_table(
        "citizen_question_steps",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("agency", sa.String(length=40), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["citizen_questions.id"],
            name="fk_citizen_question_steps_question_id_citizen_questions",
        ),
        sa.PrimaryKeyConstraint("question_id", "number", name="pk_citizen_question_steps"),
    )
    op.create_table(
        "referral_codes",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("ward", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["team_id"], ["register_entries.id"], name="fk_referral_codes_team_id_register_entries"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_referral_codes"),
    )
    op.create_index("ix_referral_codes_team_id", "referral_codes", ["team_id"])
    op.create_table(
        "referral_activations",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("ward", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizens.id"],
            name="fk_referral_activations_citizen_id_citizens",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["code"], ["referral_codes.code"], name="fk_referral_activations_code_referral_codes"
        ),
        sa.PrimaryKeyConstraint("citizen_id", name="pk_referral_activations"),
    )
    op.create_index("ix_referral_activations_code", "referral_activations", ["code"])
    op.create_index("ix_referral_activations_ward_day", "referral_activations", ["ward", "day"])


def downgrade() -> None:
    op.drop_table("referral_activations")
    op.drop_table("referral_codes")
    op.drop_table("citizen_question_steps")
    op.drop_table("citizen_questions")
    op.drop_table("draft_comments")
    op.drop_table("survey_responses")
    op.drop_table("contest_winners")
    op.drop_table("contest_regrades")
    op.drop_table("contest_draws")
    op.drop_table("contest_attempts")
    op.drop_table("contest_entrants")
    op.drop_table("activity_registrations")
    op.drop_table("activity_seats")
