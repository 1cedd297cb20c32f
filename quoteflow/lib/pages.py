"""Django's templates, whose contexts let go of what they showed as soon as the text is there.

A context and the levels in it name each other, so Python frees neither before it looks for garbage in circles:
until then a process keeps the rows, the figures and the finished parts of every page it has written.
"""

from typing import Any

from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates, Template, reraise
from django.template.context import make_context
from django.utils.safestring import SafeString


class Pages(DjangoTemplates):
    """Django's own backend, but for what is left behind."""

    def from_string(self, template_code: str) -> Template:
        """A template of this text."""
        return _Page(self.engine.from_string(template_code), self)

    def get_template(self, template_name: str) -> Template:
        """The template of this name; raises TemplateDoesNotExist."""
        try:
            return _Page(self.engine.get_template(template_name), self)
        except TemplateDoesNotExist as missing:
            reraise(missing, self)
            raise


class _Page(Template):
    def render(
        self, context: dict[str, Any] | None = None, request: HttpRequest | None = None
    ) -> SafeString:
        held = make_context(context, request, autoescape=self.backend.engine.autoescape)
        try:
            return self.template.render(held)
        except TemplateDoesNotExist as missing:
            reraise(missing, self.backend)
            raise
        finally:
            held.dicts.clear()
