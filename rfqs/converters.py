"""Numbers as path segments: GP-A001-007, PO-A001-007."""


class RequestNumber:
    """The number of a request, as people say it."""

    regex = r"GP-[A-Z0-9]{2,10}-[0-9]{3,}"

    def to_python(self, value: str) -> str:
        """The segment is the number."""
        return value

    def to_url(self, value: str) -> str:
        """The number is the segment."""
        return value


class OrderNumber(RequestNumber):
    """The number of a purchase order."""

    regex = r"PO-[A-Z0-9]{2,10}-[0-9]{3,}"
