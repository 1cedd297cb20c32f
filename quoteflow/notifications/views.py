"""The bell and what it opens; which notices come by mail."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quoteflow.notifications import bell
from quoteflow.notifications.models import OutboxMessage, Reader, Topic

SHOWN = 100
WAYS = [
    (bell.AT_ONCE, gettext_lazy("By mail at once")),
    (bell.DAILY, gettext_lazy("In one mail a day")),
    (bell.SILENT, gettext_lazy("In the bell only")),
]


class ChoicesForm(forms.Form):
    """How each topic reaches a person."""

    def __init__(self, reader: Reader | None, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        for topic, label in Topic.choices:
            self.fields[topic] = forms.ChoiceField(
                label=label, choices=WAYS, initial=bell.way(reader, topic), widget=forms.RadioSelect
            )


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What I was told, newest first."""
    reader = Reader.objects.filter(user=request.user.pk).first()
    seen = reader.seen_at if reader else None
    told = list(OutboxMessage.objects.told_to(request.user).defer("text", "html")[:SHOWN])
    over = bell.settled((one.topic, one.about) for one in told)
    fresh = [(seen is None or one.created_at > seen) and one.about not in over for one in told]
    rows = [(one, new, one.about in over) for one, new in zip(told, fresh, strict=True)]
    context = {"rows": rows, "new": any(fresh), "most": SHOWN}
    return render(request, "notices/index.html", context)


@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """The bubble at the bell; empty when nothing is new."""
    context = {"count": bell.unread(request.user), "most": bell.MOST_COUNTED}
    return render(request, "notices/_count.html", context)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Everything is old now."""
    bell.mark_read(by=request.user)
    return redirect("notices:index")


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Which notices come by mail, at once or once a day."""
    reader = Reader.objects.filter(user=request.user.pk).first()
    form = ChoicesForm(reader, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        bell.choose(by=request.user, ways=form.cleaned_data)
        messages.success(request, _("Your choices are stored."))
        return redirect("notices:choices")
    status = 422 if form.is_bound else 200
    return render(request, "notices/choices.html", {"form": form}, status=status)
