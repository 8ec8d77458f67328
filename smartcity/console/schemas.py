"""What is typed into the console's forms."""

from smartcity.core.fields import Schema, Text

_LONGEST_PASSWORD = 200


class PasswordForm(Schema):
    username = Text(max=64, required=True)
    password = Text(max=_LONGEST_PASSWORD, required=True)


class NewPasswordForm(Schema):
    current = Text(max=_LONGEST_PASSWORD, required=True)
    new = Text(max=_LONGEST_PASSWORD, required=True)


class CodeForm(Schema):
    code = Text(max=40, required=True)


class ReasonForm(Schema):
    reason = Text(max=500, required=True)


REASON = ReasonForm()
PASSWORD, NEW_PASSWORD, CODE = PasswordForm(), NewPasswordForm(), CodeForm()
