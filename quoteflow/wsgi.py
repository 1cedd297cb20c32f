"""The application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quoteflow.settings")

application = get_wsgi_application()
reverse(
    "home"
)  # loads the code of every page now: once, before the web processes part, and shared by them
