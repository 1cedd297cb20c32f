"""The people of the demonstration data, and the password they share."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User

PASSWORD = "Plant#Tour1"  # noqa: S105 (shown on the sign-in page of a demonstration)


@dataclass(frozen=True)
class Person:
    """One person of the demonstration; `label` says what they are there for."""

    key: str
    label: str | Promise
    full_name: str
    roles: tuple[str, ...]
    sites: tuple[str, ...] = ()
    heads: str = ""  # the code of the site this person is head of
    is_staff: bool = False

    @property
    def email(self) -> str:
        """The address they sign in with."""
        return f"{self.key}@demo.example"


BUYER, APPROVER, HEAD = (Role.BUYER.value,), (Role.APPROVER.value,), (Role.HEAD.value,)
ALL_SITES = ("A001", "A002", "A003")
PEOPLE = (
    Person("buyer", _("Buyer"), "Priya Nair", BUYER, ("A001", "A002")),
    Person("approver", _("Approver"), "Anand Kulkarni", APPROVER, ("A001", "A002")),
    Person("head", _("Head"), "Kavita Joshi", HEAD, ("A001",), heads="A001"),
    Person("pricing", _("Pricing team"), "Meera Iyer", (Role.PRICING.value,), ALL_SITES),
    Person("auditor", _("Auditor"), "Thomas D'Souza", (Role.AUDITOR.value,)),
    Person("backoffice", _("Back office"), "Farah Khan", (), is_staff=True),
    Person("buyer2", _("Second buyer"), "Rahul Deshmukh", BUYER, ALL_SITES),
    Person("approver2", _("Second approver"), "Sunita Patel", APPROVER, ALL_SITES),
    Person("supplier", _("Supplier"), "Vikram Shah", (Role.SUPPLIER.value,)),
    Person("head2", _("Head in Chennai"), "Ravi Subramanian", HEAD, ("A002",), heads="A002"),
    Person("head3", _("Head in Vadodara"), "Jignesh Shah", HEAD, ("A003",), heads="A003"),
)


def sign_ins() -> list[tuple[str, str]]:
    """Label and e-mail address of every demonstration person who can sign in here; one query."""
    there = set(
        User.objects.get_queryset()
        .active()
        .filter(email__in=[person.email for person in PEOPLE])
        .values_list("email", flat=True)
    )
    return [(str(person.label), person.email) for person in PEOPLE if person.email in there]
