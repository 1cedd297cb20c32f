"""The settings of the tests, for processes of their own: mails go to the postbox."""

from tests.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.soak.postbox.Postbox"
