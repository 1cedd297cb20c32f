"""Addresses under /rfqs/, by stage; a last segment that is a verb takes POST only."""

from django.urls import include, path, register_converter

from rfqs.converters import OrderNumber, RequestNumber
from rfqs.views import (
    activating,
    admitting,
    amending,
    awarding,
    bidding,
    cancelling,
    catalogue,
    clarifying,
    comparing,
    copying,
    deciding,
    drafting,
    exporting,
    files,
    journal,
    lists,
    negotiating,
    ordering,
    pages,
    portal,
    pricesheet,
    quoting,
    scenarios,
    sourcing,
    stating,
    turnaround,
)

register_converter(RequestNumber, "rfqno")
register_converter(OrderNumber, "pono")

app_name = "rfqs"

# They are tried from the top: what many do, and do often, comes first.
one_rfq = [
    path("", pages.detail, name="detail"),
    # deciding
    path("approve/", deciding.approve, name="approve"),
    path("reject/", deciding.reject, name="reject"),
    path("return/", deciding.send_back, name="send_back"),
    # opening, comparing, awarding
    path("evaluate/", comparing.evaluate, name="evaluate"),
    path("round/", negotiating.negotiate, name="negotiate"),
    path("compare/", comparing.compare, name="compare"),
    path("compare/export/", exporting.statement, name="statement"),
    path("compare/scenarios/", scenarios.scenarios, name="scenarios"),
    path("compare/picks/", comparing.save_picks, name="save_picks"),
    path("compare/rates/", comparing.add_rates, name="add_rates"),
    path("compare/taxes/", stating.state_taxes, name="state_taxes"),
    path("award/", awarding.award, name="award"),
    path("award/submit/", awarding.submit, name="submit"),
    path("award/withdraw/", awarding.withdraw, name="withdraw"),
    path("award/cancel/", cancelling.cancel_award, name="cancel_award"),
    path("award/keep/", cancelling.keep_award, name="keep_award"),
    path("award/letters/", exporting.letters, name="letters"),
    path("award/letters/<uuid:pk>/", exporting.letter, name="letter"),
    path("award/apd/", awarding.apd, name="apd"),
    # looking
    path("lines/", pages.lines, name="lines"),
    path("quotations/", pages.quotations, name="quotations"),
    path("files/", pages.files, name="files"),
    path("activity/", pages.activity, name="activity"),
    # drafting
    path("edit/", drafting.edit, name="edit"),
    path("autosave/", drafting.autosave, name="autosave"),
    path("copy/", drafting.copy, name="copy"),
    path("cancel/", drafting.cancel, name="cancel"),
    # sourcing
    path("suppliers/", sourcing.suppliers, name="suppliers"),
    path("check/", sourcing.check, name="check"),
    path("check/letters/", exporting.invitations, name="invitations"),
    path("paper/", exporting.paper, name="paper"),
    path("publish/", sourcing.publish, name="publish"),
    path("review/", sourcing.ask_review, name="ask_review"),
    path("review/take-back/", sourcing.take_back, name="take_back"),
    path("suppliers/<uuid:pk>/send/", sourcing.send_again, name="send_again"),
    path("suppliers/<uuid:pk>/address/", sourcing.address, name="address"),
    path("suppliers/<uuid:pk>/copies/", copying.copies, name="copies"),
    path("suppliers/<uuid:pk>/late/", admitting.late, name="late"),
    path("suppliers/<uuid:pk>/late/take-back/", admitting.take_back_late, name="take_back_late"),
    path("extend/", sourcing.extend, name="extend"),
    path("close/", sourcing.close, name="close"),
    # clarifying
    path("questions/", clarifying.questions, name="questions"),
    path("questions/<uuid:pk>/answer/", clarifying.answer, name="answer"),
    path("addenda/", amending.addenda, name="addenda"),
    path("amend/", amending.amend, name="amend"),
    # files
    path("files/attach/", files.attach, name="attach"),
    path("files/<uuid:pk>/", files.download, name="download"),
    # quoting
    path("quotations/new/", quoting.new, name="quotation_new"),
    path("quotations/<uuid:pk>/", quoting.detail, name="quotation"),
    path("quotations/<uuid:pk>/disqualify/", quoting.disqualify, name="disqualify"),
]

urlpatterns = [
    path("", lists.index, name="index"),
    path("<rfqno:number>/", include(one_rfq)),
    path("export/", lists.export, name="export"),
    path("views/save/", lists.save_view, name="save_view"),
    path("views/remove/", lists.remove_view, name="remove_view"),
    path("new/", drafting.new, name="new"),
    path("inbox/", deciding.inbox, name="inbox"),
    path("inbox/count/", deciding.inbox_count, name="inbox_count"),
    path("inbox/<rfqno:number>/", deciding.inbox_item, name="inbox_item"),
    path("inbox/suppliers/<uuid:pk>/", activating.inbox_supplier, name="inbox_supplier"),
    path("activations/<uuid:pk>/", activating.activation, name="activation"),
    path(
        "activations/<uuid:pk>/approve/", activating.activation_approve, name="activation_approve"
    ),
    path("activations/<uuid:pk>/reject/", activating.activation_reject, name="activation_reject"),
    path("activations/<uuid:pk>/return/", activating.activation_return, name="activation_return"),
    path(
        "activations/<uuid:pk>/take-back/",
        activating.activation_take_back,
        name="activation_take_back",
    ),
    path("catalogue/", catalogue.index, name="catalogue"),
    path("catalogue/search/", catalogue.search, name="item_search"),
    path("catalogue/<path:code>/", catalogue.item, name="item"),
    path("turnaround/", turnaround.turnaround, name="turnaround"),
    path("journal/", journal.index, name="journal"),
    path("journal/export/", journal.export, name="journal_export"),
    path("orders/", ordering.index, name="orders"),
    path("orders/<pono:number>/", ordering.detail, name="order"),
    path("orders/<pono:number>/pdf/", ordering.order_pdf, name="order_pdf"),
    path("orders/<pono:number>/preview/", ordering.order_preview, name="order_preview"),
    path("orders/<pono:number>/issue/", ordering.order_issue, name="order_issue"),
    path("orders/<pono:number>/acknowledge/", ordering.order_acknowledge, name="order_acknowledge"),
    path("orders/<pono:number>/close/", ordering.order_close, name="order_close"),
    path("orders/<pono:number>/cancel/", ordering.order_cancel, name="order_cancel"),
]

# The supplier's side, under /portal/; nobody needs an account there.
portal_urls = (
    [
        path("", portal.home, name="home"),
        path("<rfqno:number>/", portal.detail, name="request"),
        path("<rfqno:number>/files/<uuid:pk>/", portal.download, name="file"),
        path("<rfqno:number>/questions/", clarifying.supplier_questions, name="questions"),
        path("<rfqno:number>/paper/", portal.paper, name="paper"),
        path("<rfqno:number>/changes/", amending.supplier_addenda, name="addenda"),
        path("<rfqno:number>/confirm/", amending.confirm, name="confirm"),
        path("<rfqno:number>/quote/", bidding.quote, name="quote"),
        path("<rfqno:number>/sheet/", pricesheet.sheet, name="sheet"),
        path("<rfqno:number>/review/", bidding.review, name="review"),
        path("<rfqno:number>/submit/", bidding.submit, name="submit"),
        path("<rfqno:number>/receipt/", bidding.receipt, name="receipt"),
        path("<rfqno:number>/receipt/hashed/", bidding.hashed, name="hashed"),
        path("<rfqno:number>/withdraw/", bidding.withdraw, name="withdraw"),
        path("<rfqno:number>/decline/", bidding.decline, name="decline"),
        path("<rfqno:number>/reconsider/", bidding.reconsider, name="reconsider"),
    ],
    "portal",
)
