"""The application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quoteflow.settings")
# New objects before Python looks for garbage in circles: a few hundred requests leave so many; its own 700 are a
# tenth of what one request makes.
GARBAGE = (20_000, 10, 10)

application = get_wsgi_application()
reverse(
    "home"
)  # loads the code of every page now: once, before the web processes part, and shared by them
gc.set_threshold(*GARBAGE)
