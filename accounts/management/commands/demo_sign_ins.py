"""Prints who can sign in to a demonstration."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts import demo


class Command(BaseCommand):
    """A table of roles and e-mail addresses; nothing where there are no demonstration people."""

    help = "Print the sign-ins of the demonstration data, nothing where there are none."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per person; the addresses line up."""
        people = demo.sign_ins()
        if not people:
            return
        width = max(len(label) for label, _email in people)
        self.stdout.write(f"Sign in with the password {demo.PASSWORD} as")
        for label, email in people:
            self.stdout.write(f"  {label:<{width}}  {email}")
