"""What a person may change about themselves."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from quoteflow.lib.errors import Incomplete

MOST_SAVED_VIEWS = 12


@transaction.atomic
def set_preferences(*, by: User, **preferences: Any) -> User:
    """Store any of theme, density, time_zone, shortcuts (already validated by the form)."""
    user = User.objects.select_for_update().get(pk=by.pk)
    for name, value in preferences.items():
        setattr(user, name, value)
    user.save(update_fields=list(preferences))
    return user


@transaction.atomic
def save_view(*, by: User, name: str, query: str) -> list[dict[str, str]]:
    """Keep a filtered list as a tab under `name` (replacing one of that name); return all of them."""
    name = " ".join(name.split())
    if not name or len(name) > 40:  # noqa: PLR2004 (fits a tab)
        raise Incomplete(_("Give the view a name of at most 40 characters."))
    user = User.objects.select_for_update().get(pk=by.pk)
    views: list[dict[str, str]] = [view for view in user.saved_views if view["name"] != name]
    if len(views) >= MOST_SAVED_VIEWS:
        raise Incomplete(_("Twelve saved views are the limit. Remove one first."))
    views.append({"name": name, "query": query[:500]})
    user.saved_views = views
    user.save(update_fields=["saved_views"])
    return views


@transaction.atomic
def remove_view(*, by: User, name: str) -> list[dict[str, str]]:
    """Forget a saved view; unknown names are already forgotten."""
    user = User.objects.select_for_update().get(pk=by.pk)
    views: list[dict[str, str]] = [view for view in user.saved_views if view["name"] != name]
    user.saved_views = views
    user.save(update_fields=["saved_views"])
    return views
