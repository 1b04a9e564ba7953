"""Tests of the inbox in a real Home Assistant that is restarted and killed."""

from pathlib import Path
from typing import Any

from scripts.exchange import LOGIN, Exchange
from scripts.home import Home

from .blocking import DETECT_BLOCKING, blocking_calls
from .event_log import home_with_event_log, recorded_events

WAITING, LAST = "sensor.odorik_1234567_callers_waiting", "sensor.odorik_1234567_last_call"
ACTIVE = "sensor.odorik_1234567_active_calls"
LIST = "todo.odorik_1234567_missed_calls"
JAN, EVA, STRANGER = "00420777123456", "00420602987654", "00420601222333"
JAN_NAMED, EVA_NAMED, STRANGER_SHOWN = "Jan Novák mobil", "Eva Dvořáková", "+420 601 222 333"


async def callers_waiting(home: Home, count: int) -> list[str]:
    """Wait until this number of callers wait, and return their names."""
    await home.act("homeassistant.update_entity", entity_id=[LAST])
    await home.wait_for_state(WAITING, lambda state: state["state"] == str(count))
    answer: Any = await home.act(
        "todo.get_items", answer=True, entity_id=LIST, status=["needs_action"]
    )
    return [item["summary"] for item in answer[LIST]["items"]]


async def talk(home: Home, exchange: Exchange, command: str, **params: str) -> None:
    """Make an answered call, after Home Assistant has seen it ring."""
    await exchange.do(command, **params)
    await home.act("homeassistant.update_entity", entity_id=[ACTIVE])
    await home.wait_for_state(ACTIVE, lambda state: state["state"] == "1")
    # A call without talk time does not count as answered.
    await exchange.do("answer", end_after=1)


async def test_the_list_is_correct_after_calls_restarts_and_kills(
    exchange: Exchange, tmp_path: Path
) -> None:
    """Callers are listed when missed and completed when reached, even across a kill."""
    async with home_with_event_log(
        folder=tmp_path, exchange=exchange.url, prelude=DETECT_BLOCKING
    ) as home:
        await home.add("odorik", **LOGIN)
        known = await home.command("config/entity_registry/get", entity_id=LIST)
        assert known["options"]["conversation"] == {"should_expose": False}
        assert "Missed calls" in known["aliases"]
        for number in (JAN, EVA, STRANGER, ""):
            await exchange.do("miss", **{"from": number})
        callers = ["Withheld number", STRANGER_SHOWN, EVA_NAMED, JAN_NAMED]
        assert await callers_waiting(home, 4) == callers
        await talk(home, exchange, "dial", to=JAN)
        assert await callers_waiting(home, 3) == callers[:3]
        await talk(home, exchange, "ring", **{"from": EVA})
        assert await callers_waiting(home, 2) == callers[:2]
        await home.act("todo.update_item", entity_id=LIST, item=STRANGER_SHOWN, status="completed")
        await home.stop()
        await home.start()
        assert await callers_waiting(home, 1) == ["Withheld number"]
        await home.command("config/core/update", language="cs")
        await home.act("todo.remove_item", entity_id=LIST, item=["withheld"])
        # The removal has to be stored before the kill.
        await home.kill()
        for number in ("", STRANGER, JAN):
            await exchange.do("miss", **{"from": number})
        await exchange.do("dial", to=JAN, answer_after=0, end_after=1)
        await home.start()
        assert await callers_waiting(home, 2) == [STRANGER_SHOWN, "Skryté číslo"]
        returned = [
            event["number"]
            for event in recorded_events(home)
            if event["type"] == "odorik_call_returned"
        ]
        assert returned == ["+420777123456", "+420602987654", "+420777123456"]
    assert LOGIN["password"] not in home.log
    assert blocking_calls(tmp_path) == []
