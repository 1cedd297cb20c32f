"""Files of a request: handed out as downloads that no browser runs, and taken in."""

from csp.constants import HEADER
from csp.utils import build_policy
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quoteflow.lib import once
from quoteflow.lib.errors import DomainError
from rfqs.actions import attaching, reading
from rfqs.forms.drafting import AttachForm
from rfqs.models import Attachment
from rfqs.views.fetching import AuthedRequest, visible_rfq
from rfqs.views.pages import files_tab


@require_POST
def attach(request: AuthedRequest, number: str) -> HttpResponse:
    """Keep a file with the request; `next=edit` goes back to the editor."""
    rfq = visible_rfq(request, number)
    form = AttachForm(rfq, request.POST, request.FILES)
    if not form.is_valid():
        return files_tab(request, rfq, attach_form=form, status=422)
    kind, upload = form.cleaned_data["kind"], form.cleaned_data["upload"]
    page = "rfqs:edit" if request.POST.get("next") == "edit" else "rfqs:files"
    key = once.read(request, request.user.pk)
    try:
        file = attaching.attach(rfq_id=rfq.pk, kind=kind, upload=upload, by=request.user, once=key)
    except once.Repeated:
        return redirect(page, rfq.number)
    except DomainError as refusal:
        shown = {"attach_form": form, "attach_refusal": refusal}
        return files_tab(request, rfq, status=refusal.status, **shown)
    messages.success(request, _("%(name)s is attached.") % {"name": file.name})
    return redirect(page, rfq.number)


@require_safe
def download(request: AuthedRequest, number: str, pk: str) -> FileResponse:
    """The file as it was stored, to be saved and never shown in place; noted in the journal."""
    files = Attachment.objects.visible_to(request.user).filter(rfq__number=number)
    file = get_object_or_404(files, pk=pk)
    answer = as_download(file)
    if request.method == "GET":
        reading.record_download(attachment=file, by=request.user)
    return answer


def as_download(file: Attachment) -> FileResponse:
    """The file as it was stored, in an answer that no browser shows in place."""
    stored = default_storage.open(file.path)
    response = FileResponse(
        stored, as_attachment=True, filename=file.name, content_type=file.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    response[HEADER] = build_policy(replace={"sandbox": True})
    return response
