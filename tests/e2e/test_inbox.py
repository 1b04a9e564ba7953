"""Who waits to be called back, in a Home Assistant that is stopped and killed in between."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from scripts.exchange import LOGIN, Exchange, exchange as run_exchange
from scripts.home import Home

from .blocking import WATCH, blocked
from .witnessed import statement, witnessed

SENSOR, LAST = "sensor.odorik_1234567_callers_waiting", "sensor.odorik_1234567_last_call"
ACTIVE = "sensor.odorik_1234567_active_calls"
LIST = "todo.odorik_1234567_missed_calls"
JAN, EVA, STRANGER = "00420777123456", "00420602987654", "00420601222333"
JAN_NAMED, EVA_NAMED, STRANGER_READ = "Jan Novák mobil", "Eva Dvořáková", "+420 601 222 333"


@pytest.fixture
async def exchange(socket_enabled: None) -> AsyncGenerator[Exchange]:  # noqa: ARG001
    """An exchange where nothing happens by itself."""
    async with run_exchange("--world", "quiet") as running:
        yield running


@pytest.fixture
async def home(exchange: Exchange, tmp_path: Path) -> AsyncGenerator[Home]:
    """A Home Assistant with an account, and a witness of what it tells."""
    async with witnessed(folder=tmp_path, exchange=exchange.url, prelude=WATCH) as running:
        await running.add("odorik", **LOGIN)
        yield running
    assert LOGIN["password"] not in running.log
    assert blocked(tmp_path) == []


async def waiting(home: Home, count: int) -> list[str]:
    """Wait until so many wait, and say what they are called."""
    await home.act("homeassistant.update_entity", entity_id=[LAST])
    await home.until(SENSOR, lambda state: state["state"] == str(count), within=10)
    answer: Any = await home.act(
        "todo.get_items", answer=True, entity_id=LIST, status=["needs_action"]
    )
    return [item["summary"] for item in answer[LIST]["items"]]


async def talk(home: Home, exchange: Exchange, act: str, **whom: str) -> None:
    """Talk with somebody. A call that was never seen up is found only after a while."""
    await exchange.do(act, **whom)
    await home.act("homeassistant.update_entity", entity_id=[ACTIVE])
    await home.until(ACTIVE, lambda state: state["state"] == "1")
    # An answer without any talk time is none.
    await exchange.do("answer", end_after=1)


def returned(home: Home) -> list[str]:
    """Who was told to have been reached."""
    return [line["number"] for line in statement(home) if line["type"] == "odorik_call_returned"]


async def test_the_list_is_right_at_every_step(home: Home, exchange: Exchange) -> None:
    """Somebody who called in vain would be forgotten, or be called back twice."""
    known = await home.command("config/entity_registry/get", entity_id=LIST)
    assert known["options"]["conversation"] == {"should_expose": False}
    assert "Missed calls" in known["aliases"]
    for number in (JAN, EVA, STRANGER, ""):
        await exchange.do("miss", **{"from": number})
    everybody = ["Withheld number", STRANGER_READ, EVA_NAMED, JAN_NAMED]
    assert await waiting(home, 4) == everybody
    await talk(home, exchange, "dial", to=JAN)
    assert await waiting(home, 3) == everybody[:3]
    await talk(home, exchange, "ring", **{"from": EVA})
    assert await waiting(home, 2) == everybody[:2]
    await home.act("todo.update_item", entity_id=LIST, item=STRANGER_READ, status="completed")
    await home.stop()
    await home.start()
    assert await waiting(home, 1) == ["Withheld number"]
    await home.command("config/core/update", language="cs")
    await home.act("todo.remove_item", entity_id=LIST, item=["withheld"])
    # Not even what was dismissed a moment ago comes back after a power cut.
    await home.kill()
    # They call while nobody listens, and one of them is called back by telephone.
    for number in ("", STRANGER, JAN):
        await exchange.do("miss", **{"from": number})
    await exchange.do("dial", to=JAN, answer_after=0, end_after=1)
    await home.start()
    assert await waiting(home, 2) == [STRANGER_READ, "Skryté číslo"]
    assert returned(home) == ["+420777123456", "+420602987654", "+420777123456"]
