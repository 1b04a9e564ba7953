"""Client for the Odorik.cz HTTP API, independent of Home Assistant."""

from .client import API_URL, OdorikClient
from .decoding import RecordList
from .exceptions import (
    OdorikApiError,
    OdorikAuthError,
    OdorikCallbackFailedError,
    OdorikConnectionError,
    OdorikDelayedIntoPastError,
    OdorikError,
    OdorikInvalidDelayFormatError,
    OdorikInvalidLineError,
    OdorikMissingArgumentError,
    OdorikNotSentError,
    OdorikUnauthorizedError,
    OdorikUnknownOutcomeError,
)
from .export_formats import ExportFormat, delimiter_of
from .models import (
    ActiveCall,
    CallbackStatus,
    CallRecord,
    CallStatistics,
    CallStatus,
    CallTotals,
    DestinationStatistics,
    Direction,
    Line,
    MissedCalls,
    PublicNumber,
    SpeedDial,
)
from .parameters import CallFilter, HistoryFilter
from .xml import Document, parse_document

__all__ = [
    "API_URL",
    "ActiveCall",
    "CallFilter",
    "CallRecord",
    "CallStatistics",
    "CallStatus",
    "CallTotals",
    "CallbackStatus",
    "DestinationStatistics",
    "Direction",
    "Document",
    "ExportFormat",
    "HistoryFilter",
    "Line",
    "MissedCalls",
    "OdorikApiError",
    "OdorikAuthError",
    "OdorikCallbackFailedError",
    "OdorikClient",
    "OdorikConnectionError",
    "OdorikDelayedIntoPastError",
    "OdorikError",
    "OdorikInvalidDelayFormatError",
    "OdorikInvalidLineError",
    "OdorikMissingArgumentError",
    "OdorikNotSentError",
    "OdorikUnauthorizedError",
    "OdorikUnknownOutcomeError",
    "PublicNumber",
    "RecordList",
    "SpeedDial",
    "delimiter_of",
    "parse_document",
]
