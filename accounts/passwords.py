"""The password rule of the first design: 8 or more, with upper, lower, digit and special."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class FourKindsOfCharacters:
    """Asks for an upper-case letter, a lower-case letter, a digit and a special character."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise a ValidationError that names every missing kind."""
        kinds = {
            _("an upper-case letter"): any(c.isupper() for c in password),
            _("a lower-case letter"): any(c.islower() for c in password),
            _("a digit"): any(c.isdigit() for c in password),
            _("a special character such as ! or #"): any(
                not c.isalnum() and not c.isspace() for c in password
            ),
        }
        missing = [name for name, present in kinds.items() if not present]
        if missing:
            raise ValidationError(
                _("Add %(missing)s."), code="password_kinds", params={"missing": ", ".join(missing)}
            )

    def get_help_text(self) -> str:
        """Say the rule before it is broken."""
        return _("Mix upper case, lower case, a digit and a special character.")
