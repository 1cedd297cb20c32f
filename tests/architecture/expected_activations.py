"""What the addresses of activations answer to every role; the columns are those of `expected`."""

POST_ONLY = "405 405 405 405 405 405 405 405 302"
ACTIVATIONS: dict[str, tuple[str, str]] = {
    "rfqs:inbox_supplier": (
        "200 200 200 200 200 200 200 404 302",
        "405 405 405 405 405 405 405 405 302",
    ),
    "rfqs:activation": (
        "200 200 200 200 200 200 200 404 302",
        "422 422 403 403 403 403 422 404 302",
    ),
    "rfqs:activation_approve": (POST_ONLY, "403 403 302 403 403 403 403 404 302"),
    "rfqs:activation_reject": (POST_ONLY, "403 403 302 403 403 403 403 404 302"),
    "rfqs:activation_return": (POST_ONLY, "403 403 302 403 403 403 403 404 302"),
    "rfqs:activation_take_back": (POST_ONLY, "302 302 403 403 403 403 302 404 302"),
}
