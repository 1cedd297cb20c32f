"""A form that saves itself, against answers as the server gives them."""

import json

import pytest

pytestmark = pytest.mark.browser

ADDRESS = "http://quoteflow.test/"
FORM = """<p id="savestate"></p>
<form method="post" action="/sent/" data-qf-autosave="/save/">
<input type="hidden" name="csrfmiddlewaretoken" value="old">
<input type="hidden" name="version" value="1">
<input type="hidden" name="l-0-id" value=""><input id="id_title" name="title" aria-label="Title">
<input type="file" name="file" aria-label="File"><button>Send</button></form>"""


@pytest.fixture
def form(load):
    """The page of a form, its received bodies, and the answers it gets in turn."""
    page = load("")
    answers, received = [], []

    def serve(route):
        if route.request.url == f"{ADDRESS}save/":
            received.append(route.request)
            status, body = answers.pop(0)
            route.fulfill(status=status, content_type="application/json", body=json.dumps(body))
        else:
            route.fulfill(content_type="text/html", body="")

    page.route("**/*", serve)
    page.goto(ADDRESS)
    page.context.add_cookies([{"name": "csrftoken", "value": "fresh", "url": ADDRESS}])
    return load(FORM, "forms", page=page), answers, received


def saved(version, **more):
    return 200, {"version": version, "saved_at_text": "Draft saved 12:41", **more}


def say(page, sentence):
    page.wait_for_function("text => savestate.textContent.includes(text)", arg=sentence)


def test_a_change_is_saved_with_the_fresh_token_and_without_files(form):
    page, answers, received = form
    answers.append(saved(2, values={"l-0-id": "77"}))

    page.fill("#id_title", "Bearings")
    say(page, "Draft saved 12:41")

    (request,) = received
    assert request.headers["x-csrftoken"] == "fresh"
    assert request.headers["x-autosave"] == "1"
    assert ('name="title"' in request.post_data, 'name="file"' in request.post_data) == (
        True,
        False,
    )
    assert (page.input_value("[name=version]"), page.input_value("[name=l-0-id]")) == ("2", "77")


def test_a_failure_says_so_and_can_be_tried_again(form):
    page, answers, _ = form
    answers += [(500, {}), saved(2)]

    page.fill("#id_title", "Bearings")
    say(page, "Not saved")
    page.click("text=Try again")

    say(page, "Draft saved")


def test_errors_appear_at_the_field_and_go_again(form):
    page, answers, _ = form
    answers += [saved(2, errors={"title": ["Too short."]}), saved(3, errors={})]

    page.fill("#id_title", "B")
    say(page, "Draft saved")
    page.wait_for_selector("#id_title_error")
    assert page.get_attribute("#id_title", "aria-describedby") == "id_title_error"
    page.fill("#id_title", "Bearings")

    page.wait_for_selector("#id_title_error", state="detached")
    assert page.get_attribute("#id_title", "aria-invalid") is None


def test_a_conflict_shows_both_values_and_stops_saving(form):
    page, answers, received = form
    theirs = {"title": {"label": "Title", "value": "Seals"}}
    message = "V. Shah saved this draft at 12:40."
    answers.append((409, {"message": message, "reload_url": "/again/", "theirs": theirs}))

    page.fill("#id_title", "Bearings")
    page.wait_for_selector(".conflict")
    page.fill("#id_title", "Bearings and seals")

    assert page.text_content(".conflict h2") == message
    assert page.locator(".conflict td").all_text_contents() == ["", "Seals", "Bearings"]
    assert page.get_attribute(".conflict a", "href") == "/again/"
    assert len(received) == 1
