"""The former name of ``call_fixtures``, for tests of other packages."""

from .call_fixtures import NOON

__all__ = ["NOON"]
