"""A browser in which back office staff has just signed in, and what its pages hold."""

from typing import Any

from django.forms import MultiValueField
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD, UserFactory


def staff(**facts: Any) -> User:
    """An active member of the back office."""
    return UserFactory(**({"is_staff": True} | facts))


def entered(user: User) -> Client:
    """Sign in through the form, so that the session knows when the password was entered."""
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def as_posted(client: Client, address: str) -> dict[str, Any]:
    """What the form at `address` would post when nothing is touched."""
    context = client.get(address).context
    form = context["adminform"].form
    facts = {name: form[name].value() for name in form.fields}
    for formset in (inline.formset for inline in context["inline_admin_formsets"]):
        facts |= {f"{formset.prefix}-{name}": form.value() for name, form in _management(formset)}
        for row in formset.forms:
            for name in row.fields:
                facts |= _values(row.fields[name], row.add_prefix(name), row[name].value())
    return {
        name: value for name, value in facts.items() if value is not None and value is not False
    }


def _values(field: Any, name: str, value: Any) -> dict[str, Any]:
    """One value per input of the field."""
    if isinstance(field, MultiValueField):
        return {f"{name}_{n}": one for n, one in enumerate(field.widget.decompress(value))}
    return {name: value}


def _management(formset: Any) -> list[tuple[str, Any]]:
    form = formset.management_form
    return [(name, form[name]) for name in form.fields]
