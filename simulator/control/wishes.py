"""What a request to the controls wishes, however it says so."""

from collections.abc import Callable
import json
from typing import Any

from aiohttp import web

type Wishes = dict[str, Any]


def truth(value: object) -> bool:
    """Return a switch that may come as JSON or as the text of a form."""
    return value not in {False, "", "0", "false"}


def numbers(value: object) -> list[int]:
    """Return numbers that may come as a JSON list or as text with commas."""
    listed = value if isinstance(value, list) else str(value).split(",")
    return [int(number) for number in listed]


# What a wish is, whether it comes as JSON or as text. What is not here is taken as it comes.
WISHES: dict[str, Callable[[Any], object]] = {
    "from": lambda value: "" if value == "withheld" else str(value),
    "to": str,
    "account": str,
    "login": str,
    "mode": str,
    "path": str,
    "body": str,
    "field": str,
    "record": int,
    "id": int,
    "line": int,
    "slot": int,
    "url": str,
    "number": str,
    "ringing": int,
    "times": int,
    "every": int,
    "status": int,
    "n": int,
    "messages": int,
    "answer_after": float,
    "end_after": float,
    "seconds": float,
    "days": float,
    "keep": truth,
    "answered": truth,
    "linked": truth,
    "branches": numbers,
    "linger": float,
    "after": truth,
}


async def wishes_of(request: web.Request) -> Wishes:
    """Return what a request wishes in its query and its body; what is empty is not said."""
    given = {**request.query, **await body(request)}
    return {
        name: WISHES[name](value) if name in WISHES else value
        for name, value in given.items()
        if value is not None and (value != "" or name == "from")
    }


async def body(request: web.Request) -> Wishes:
    """Return what a request wishes: a JSON object, whatever its type is said to be, or a form."""
    text = await request.text()
    if not text.strip():
        return {}
    if text.lstrip().startswith(("{", "[", '"')):
        wishes = json.loads(text)
        if not isinstance(wishes, dict):
            raise ValueError("a JSON object is wanted")
        return wishes
    return dict(await request.post())
