"""Reading the comparison, beginning the evaluation, picking."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from rfqs.actions import awarding, opening
from rfqs.models import Award
from tests import pasts, stories
from tests.conftest import signed_in
from tests.factories import BuyerFactory, RateFactory, SiteFactory, UserFactory
from tests.rfqs.views.pages import at_version, statements

pytestmark = pytest.mark.django_db


def url(name, story):
    return reverse(f"rfqs:{name}", args=[story.rfq.number])


def read(browser, address, **headers):
    answer = browser.get(address, headers=headers)
    return answer.status_code, " ".join(answer.content.decode().split())


def picks(story):
    rows = story.rfq.awards.get().lines.order_by("rfq_line__position", "supplier__code")
    return [(row.rfq_line.position, row.supplier, row.quantity) for row in rows]


def quotation(story, n):
    return str(story.rfq.quotations.get(supplier=story.suppliers[n]).pk)


@pytest.fixture
def story():
    return stories.evaluated(prices=("10", "11"))


@pytest.fixture
def browser(story):
    return signed_in(story.buyer)


@pytest.fixture
def tied():
    return stories.evaluated(prices=("10", "10"))


@pytest.mark.parametrize("name", ["compare", "award"])
def test_strangers_see_no_comparison_and_nobody_goes_unsigned(story, name):
    stranger = signed_in(BuyerFactory(sites=[SiteFactory()]))

    assert stranger.get(url(name, story)).status_code == 404
    assert Client().get(url(name, story)).status_code == 302


@pytest.mark.parametrize("name", ["evaluate", "save_picks"])
def test_changes_are_posts_of_people_who_see_the_request(story, browser, name):
    stranger = signed_in(BuyerFactory(sites=[SiteFactory()]))
    auditor = signed_in(UserFactory(roles=["auditor"]))

    assert browser.get(url(name, story)).status_code == 405
    assert stranger.post(url(name, story)).status_code == 404
    assert auditor.post(url(name, story)).status_code == 403
    assert Client().post(url(name, story)).status_code == 302


def test_the_lowest_is_said_in_words_and_the_rest_in_percent(story, browser):
    status, page = read(browser, url("compare", story))

    assert status == 200
    assert page.count("Lowest</span>") == 1
    assert "+10.00%" in page
    assert "1,000.00" in page
    assert "Lowest total" in page


def test_htmx_gets_the_matrix_alone(story, browser, htmx):
    _status, page = read(browser, f"{url('compare', story)}?view=landed", **htmx)

    assert page.startswith('<section id="matrix"')


def test_a_tie_is_shown_and_nobody_is_proposed(tied):
    browser = signed_in(tied.buyer)

    _status, page = read(browser, url("compare", tied))
    browser.post(url("save_picks", tied), {"do": "lowest"})

    assert page.count("Lowest, tie</span>") == 2
    assert "nobody is proposed" in page
    assert "checked" not in page.partition("<tbody>")[2]
    assert picks(tied) == []


def test_one_quotation_is_called_a_single_bid():
    story = stories.evaluated(prices=("10",))

    assert "Single bid" in read(signed_in(story.buyer), url("compare", story))[1]


def test_without_quotations_there_is_a_sentence():
    story = stories.opened()

    assert "No quotation to compare yet" in read(signed_in(story.buyer), url("compare", story))[1]


def test_a_hidden_supplier_keeps_its_place_in_the_chooser(story, browser):
    shown = story.suppliers[0]

    _status, page = read(browser, f"{url('compare', story)}?show={shown.code}")

    assert page.count('class="qf-sup"') == 1
    assert f'value="{story.suppliers[1].code}"> {story.suppliers[1].name}' in page


def test_a_missing_rate_says_whom_to_ask_and_is_taken_over_once_it_is_there():
    story = stories.opened()
    stories.quote(story, story.suppliers[0], "0.5", currency="EUR")
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)
    browser = signed_in(story.buyer)

    page = read(browser, url("compare", story))[1]
    refused = browser.post(url("add_rates", story))
    RateFactory()
    taken = browser.post(url("add_rates", story))

    assert "No exchange rate: ask the back office" in page
    assert "There was no exchange rate of EUR on or before" in page
    assert (refused.status_code, taken.status_code) == (409, 302)
    assert "Ask the back office to enter it" in refused.content.decode()
    assert "Take over missing rates" not in read(browser, url("compare", story))[1]


def test_a_foreign_quotation_shows_its_rate_and_its_own_amount():
    RateFactory()
    story = stories.opened()
    stories.quote(story, story.suppliers[0], "10")
    stories.quote(story, story.suppliers[1], "0.5", currency="EUR")
    opening.begin_evaluation(rfq_id=story.rfq.pk, by=story.buyer)

    _status, page = read(signed_in(story.buyer), url("compare", story))

    assert "EUR at 90.00" in page
    assert '<span class="qf-orig">EUR 0.50</span>' in page


def test_texts_of_suppliers_are_escaped():
    line = stories.GOODS_LINE | {"description": "<b>Bolt</b>"}
    story = stories.evaluated(lines=[line])

    assert "&lt;b&gt;Bolt&lt;/b&gt;" in read(signed_in(story.buyer), url("compare", story))[1]


def test_a_cell_shows_its_arithmetic(story, browser, htmx):
    whole = read(browser, f"{url('compare', story)}?cell=1-0")
    dialog = read(browser, f"{url('compare', story)}?cell=1-0", **htmx)

    assert "Amount after discounts" in whole[1]
    assert dialog[1].startswith('<div id="working"')
    assert read(browser, f"{url('compare', story)}?cell=9-0")[0] == 404
    assert read(browser, f"{url('compare', story)}?cell=1-x")[0] == 404


def test_a_sealed_request_shows_how_many_quotations_and_no_price():
    story = stories.quoted(prices=("1234", "1235"), is_sealed=True)
    browser = signed_in(story.buyer)

    status, page = read(browser, url("compare", story))
    early = browser.post(url("evaluate", story))

    assert status == 200
    assert "2 quotations are in" in page
    assert "1,234" not in page
    assert early.status_code == 409
    assert "after its closing time" in early.content.decode()


def test_a_large_sealed_request_is_opened_by_two_people():
    line = stories.GOODS_LINE | {"last_price": Decimal(20000)}
    story = stories.quoted(prices=("10", "11"), is_sealed=True, lines=[line])
    pasts.close(story.rfq)
    second = BuyerFactory(sites=[story.site])

    _status, before = read(signed_in(story.buyer), url("compare", story))
    assert "Two buyers of the site open them together" in before
    signed_in(story.buyer).post(url("evaluate", story))
    _status, page = read(signed_in(second), url("compare", story))
    signed_in(second).post(url("evaluate", story))
    story.rfq.refresh_from_db()

    assert f"{story.buyer} asked for the opening." in page
    assert story.rfq.status == "evaluation"


def test_the_evaluation_begins_once():
    story = stories.quoted()
    browser = signed_in(story.buyer)

    first = browser.post(url("evaluate", story))
    second = browser.post(url("evaluate", story))

    assert (first.status_code, second.status_code) == (302, 409)


def test_radios_are_stored_as_the_draft_award(story, browser):
    answer = browser.post(
        url("save_picks", story), at_version(story, {"line-1": quotation(story, 1)})
    )

    assert answer.url == url("compare", story)
    assert picks(story) == [(1, story.suppliers[1], 100)]
    assert "checked" in read(browser, url("compare", story))[1].partition("<tbody>")[2]


def test_with_htmx_the_total_comes_back(story, browser, htmx):
    answer = browser.post(
        url("save_picks", story), at_version(story, {"line-1": quotation(story, 1)}), headers=htmx
    )

    page = answer.content.decode()
    assert page.lstrip().startswith('<div id="picks"')
    assert "1,100.00" in page


def test_an_autosave_means_the_radios_whatever_button_was_clicked_before(story, browser, htmx):
    data = {"line-1": quotation(story, 1), "do": "lowest"}

    browser.post(url("save_picks", story), at_version(story, data), headers=htmx)

    assert picks(story) == [(1, story.suppliers[1], 100)]


def test_the_quick_buttons_pick_and_clear(story, browser):
    browser.post(url("save_picks", story), at_version(story, {"do": "lowest"}))
    lowest = picks(story)
    browser.post(
        url("save_picks", story), at_version(story, {"do": "all", "all_to": quotation(story, 1)})
    )
    everything = picks(story)
    browser.post(url("save_picks", story), at_version(story, {"do": "clear"}))

    assert lowest == [(1, story.suppliers[0], 100)]
    assert everything == [(1, story.suppliers[1], 100)]
    assert picks(story) == []


def test_a_split_line_survives_a_save_of_the_radios(story, browser):
    (line,) = story.rfq.lines.all()
    shares = [
        awarding.Pick(line.pk, quotation(story, 0), Decimal(60)),
        awarding.Pick(line.pk, quotation(story, 1), Decimal(40)),
    ]
    awarding.save_draft(rfq_id=story.rfq.pk, picks=shares, by=story.buyer)

    page = read(browser, url("compare", story))[1]
    browser.post(url("save_picks", story), at_version(story, {"keep": "1"}))

    assert '<input type="hidden" name="keep" value="1">' in page
    assert [quantity for _line, _supplier, quantity in picks(story)] == [60, 40]


@pytest.mark.parametrize("state", [stories.quoted, stories.submitted])
def test_picks_outside_the_evaluation_are_refused_with_the_page(state, htmx):
    story = state()
    browser = signed_in(story.buyer)
    before = Award.objects.count()

    whole = browser.post(
        url("save_picks", story), at_version(story, {"line-1": quotation(story, 0)})
    )
    part = browser.post(
        url("save_picks", story), at_version(story, {"line-1": quotation(story, 0)}), headers=htmx
    )

    assert (whole.status_code, part.status_code) == (409, 409)
    assert 'id="matrix"' in whole.content.decode()
    assert 'role="alert"' in part.content.decode()
    assert Award.objects.count() == before


def test_a_pick_that_cannot_be_is_said_and_kept(story, browser):
    answer = browser.post(url("save_picks", story), at_version(story, {"line-1": "nonsense"}))

    assert answer.status_code == 422
    assert "A pick cannot be read" in answer.content.decode()


def saved_by_another(story, winner):
    """Another buyer of the site picks this supplier, after our page was read."""
    other = BuyerFactory(sites=[story.site])
    (line,) = story.rfq.lines.all()
    pick = awarding.Pick(line.pk, quotation(story, winner))
    awarding.save_draft(rfq_id=story.rfq.pk, picks=[pick], by=other)
    return other


def test_picks_that_another_buyer_saved_are_shown_beside_ours_and_stay(story, browser):
    other = saved_by_another(story, 0)

    mine = {"version": 0, "line-1": quotation(story, 1)}
    answer = browser.post(url("save_picks", story), mine)

    page = " ".join(answer.content.decode().split())
    theirs, ours = story.suppliers
    assert answer.status_code == 409
    assert f"{other} saved other picks in the meantime" in page
    assert f'<td class="pre">{theirs.name}</td><td class="pre">{ours.name}</td>' in page
    assert picks(story) == [(1, theirs, 100)]

    again = mine | {"version": answer.context["version"]}  # what the page holds now
    assert browser.post(url("save_picks", story), again).status_code == 302
    assert picks(story) == [(1, ours, 100)]


def test_an_autosave_never_saves_over_another_buyer_until_the_person_says_so(story, browser, htmx):
    saved_by_another(story, 0)
    mine = {"version": 0, "line-1": quotation(story, 1)}

    first = browser.post(url("save_picks", story), mine, headers=htmx)
    sent_again = mine | {"version": first.context["version"], "overwrite": "1"}
    second = browser.post(url("save_picks", story), sent_again, headers=htmx)

    assert (first.status_code, second.status_code) == (409, 409)
    assert 'name="overwrite" value="1"' in first.content.decode()
    assert picks(story) == [(1, story.suppliers[0], 100)]

    assert browser.post(url("save_picks", story), sent_again).status_code == 302
    assert picks(story) == [(1, story.suppliers[1], 100)]


def test_an_autosave_goes_on_from_the_version_it_got_back(story, browser, htmx):
    versions = []
    for winner in (0, 1, 0):
        data = {"version": versions[-1] if versions else 0, "line-1": quotation(story, winner)}
        answer = browser.post(url("save_picks", story), data, headers=htmx)
        versions.append(answer.context["version"])

    assert versions == [1, 2, 3]


def test_the_same_picks_twice_are_no_conflict(story, browser):
    data = {"version": 0, "line-1": quotation(story, 1)}

    codes = [browser.post(url("save_picks", story), data).status_code for _again in range(2)]

    assert codes == [302, 302]
    assert story.rfq.awards.get().version == 1


def test_clearing_is_refused_too_when_another_buyer_has_picked(story, browser):
    saved_by_another(story, 0)

    answer = browser.post(url("save_picks", story), {"version": 0, "do": "clear"})

    assert (answer.status_code, len(picks(story))) == (409, 1)


def test_the_matrix_asks_as_often_for_two_by_two_as_for_ten_by_six():
    counts = []
    for lines, offers in ((2, 2), (10, 6)):
        prices = tuple(str(10 + n) for n in range(offers))
        story = stories.picked(lines=[stories.GOODS_LINE] * lines, prices=prices)
        browser = signed_in(story.buyer)
        with statements() as asked:
            browser.get(url("compare", story))
        counts.append(len(asked))

    assert counts == [6, 6]
