"""The reference of the actions: every example runs, and everything is said."""

from collections.abc import AsyncGenerator
from pathlib import Path
import re
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.script import Script, async_validate_actions_config
from homeassistant.util.yaml import load_yaml_dict, parse_yaml
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN, ENV_API_URL
from simulator.worlds import household
from tests.exchange import RunningExchange, running

ROOT = Path(__file__).parent.parent
REFERENCE = (ROOT / "docs/actions.md").read_text("utf-8")
ACTIONS = load_yaml_dict(str(ROOT / "custom_components/odorik/services.yaml"))
CHAPTERS = dict(
    re.findall(r"^## odorik\.(\w+)\n(.*?)(?=^## |\Z)", REFERENCE, re.DOTALL | re.MULTILINE)
)
EXAMPLES = [
    pytest.param(name, example, id=f"{name}-{place}")
    for name, chapter in CHAPTERS.items()
    for place, example in enumerate(
        re.findall(r"^```yaml\n(.*?)^```", chapter, re.DOTALL | re.MULTILINE)
    )
]


@pytest.fixture(autouse=True)
def recording(request: pytest.FixtureRequest) -> None:
    """Let there be a recorder, which comes before any integration, where an action needs it."""
    if "rebuild_statistics" in request.node.name:
        request.getfixturevalue("recorder_mock")


@pytest.fixture
async def exchange(
    socket_enabled: None,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncGenerator[RunningExchange]:
    """The demo's exchange, whose household has telephoned for two months."""
    async with running(household()) as served:
        monkeypatch.setenv(ENV_API_URL, served.url)
        yield served


@pytest.mark.parametrize(("name", "example"), EXAMPLES)
async def test_every_example_runs(
    hass: HomeAssistant,
    exchange: RunningExchange,
    account: MockConfigEntry,
    name: str,
    example: str,
) -> None:
    """The first thing that somebody copies must not fail."""
    hass.config_entries.async_update_entry(account, options={"caller": "602 555 123"})
    exchange.world.miss("00420777123456", line=300100)
    await account.runtime_data.history.async_refresh()
    exchange.world.ring("00420777123456", line=300100)
    await account.runtime_data.active.async_refresh()
    await hass.async_block_till_done()
    steps: Any = parse_yaml(example)
    # A condition that does not hold ends a script without a word.
    steps.append({"variables": {"reached": "the end"}})
    sequence = await async_validate_actions_config(hass, cv.SCRIPT_SCHEMA(steps))
    exchange.journal.clear()
    result = await Script(hass, sequence, "example", DOMAIN).async_run(context=Context())
    assert result
    assert result.variables["reached"] == "the end"
    assert f"{DOMAIN}.{name}" in {step.get("action") for step in steps}
    assert exchange.journal


def test_every_action_and_field_is_in_the_reference() -> None:
    """What is not described is not there for anybody."""
    names = {name for name in ACTIONS if not name.startswith(".")}
    assert set(CHAPTERS) == names
    assert {param.values[0] for param in EXAMPLES} == names
    for name in names:
        fields = dict(ACTIONS[name]["fields"])
        fields |= fields.pop("filters", {"fields": {}})["fields"]
        chapter = CHAPTERS[name]
        if name == "export_calls":
            chapter += CHAPTERS["get_calls"]
        if name == "get_statistics_by_destination":
            chapter += CHAPTERS["get_statistics"]
        missing = {field for field in fields if f"`{field}" not in chapter}
        assert missing <= {"config_entry_id"}, name
