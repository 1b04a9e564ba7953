"""The operator's API: what each endpoint takes and answers.

Sources: the operator's document on calls, and what public clients of the API send and parse; where
the operator's own form is a guess, it is said so.
"""

from .ask import Answer, Ask, Endpoint, Refusal
from .endpoints import ENDPOINTS
from .login import login

__all__ = ["ENDPOINTS", "Answer", "Ask", "Endpoint", "Refusal", "login"]
