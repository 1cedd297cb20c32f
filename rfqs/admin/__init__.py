"""The back office of requests: master data to keep, history to look at."""

from rfqs.admin import history, masterdata, policies

__all__ = ["history", "masterdata", "policies"]
