"""docs/actions.md: its examples run, and it covers every action and field."""

from collections.abc import AsyncGenerator
from pathlib import Path
import re

from homeassistant.core import HomeAssistant
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN, ENV_API_URL
from simulator.worlds import household
from tests.exchange import RunningExchange, running

from .examples import run_steps, yaml_blocks

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs/actions.md").read_text("utf-8")
ACTIONS = load_yaml_dict(str(ROOT / "custom_components/odorik/services.yaml"))
CHAPTERS = dict(
    re.findall(r"^## odorik\.(\w+)\n(.*?)(?=^## |\Z)", REFERENCE, re.DOTALL | re.MULTILINE)
)
EXAMPLES = [
    pytest.param(name, example, id=f"{name}-{number}")
    for name, chapter in CHAPTERS.items()
    for number, example in enumerate(yaml_blocks(chapter))
]


@pytest.fixture(autouse=True)
def recorder(request: pytest.FixtureRequest) -> None:
    """Set up the recorder, which has to come before any integration, where it is needed."""
    if "rebuild_statistics" in request.node.name:
        request.getfixturevalue("recorder_mock")


@pytest.fixture
async def exchange(
    socket_enabled: None,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncGenerator[RunningExchange]:
    """The simulated exchange of the demo, with two months of calls."""
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
    """An example runs to its end, and sends requests to the exchange or changes the options."""
    options = {"caller": "602 555 123"}
    hass.config_entries.async_update_entry(account, options=options)
    exchange.world.miss("00420777123456", line=300100)
    await account.runtime_data.history.async_refresh()
    exchange.world.ring("00420777123456", line=300100)
    await account.runtime_data.active.async_refresh()
    await hass.async_block_till_done()
    exchange.journal.clear()
    assert f"{DOMAIN}.{name}" in await run_steps(hass, example)
    assert exchange.journal or account.options != options


def test_every_action_and_field_is_in_the_reference() -> None:
    """Each action has a chapter with an example that mentions each of its fields."""
    names = {name for name in ACTIONS if not name.startswith(".")}
    assert set(CHAPTERS) == names
    assert {param.values[0] for param in EXAMPLES} == names
    shared = {"export_calls": "get_calls", "get_statistics_by_destination": "get_statistics"}
    for name in names:
        fields = dict(ACTIONS[name]["fields"])
        fields |= fields.pop("filters", {"fields": {}})["fields"]
        text = CHAPTERS[name] + CHAPTERS.get(shared.get(name, ""), "")
        missing = {field for field in fields if f"`{field}" not in text}
        assert missing <= {"config_entry_id"}, name
