"""docs/actions.md, in both languages: its examples run, and it covers every action and field."""

from collections.abc import AsyncGenerator
import re

from homeassistant.core import HomeAssistant
from homeassistant.helpers import translation
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.const import DOMAIN, ENV_API_URL
from simulator.worlds import household
from tests.accounts import set_up
from tests.exchange import RunningExchange, running

from .examples import ROOT, chapters, pages, run_steps, texts, yaml_blocks

ACTIONS = {
    name: action
    for name, action in load_yaml_dict(str(ROOT / "custom_components/odorik/services.yaml")).items()
    if not name.startswith(".")
}
CHAPTERS = {
    language: {
        heading.removeprefix(f"{DOMAIN}."): chapter for heading, chapter in chapters(page).items()
    }
    for language, page in pages("actions.md").items()
}
EXAMPLES = [
    pytest.param(language, name, example, id=f"{language}-{name}-{number}")
    for language, actions in CHAPTERS.items()
    for name, chapter in actions.items()
    for number, example in enumerate(yaml_blocks(chapter))
]
SHARED = {"export_calls": "get_calls", "get_statistics_by_destination": "get_statistics"}
"""Actions with fields that the chapter of another action describes."""


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


@pytest.mark.parametrize(("language", "name", "example"), EXAMPLES)
async def test_every_example_runs(
    hass: HomeAssistant,
    exchange: RunningExchange,
    entry: MockConfigEntry,
    language: str,
    name: str,
    example: str,
) -> None:
    """An example runs to its end, and sends requests to the exchange or changes the options.

    The entities that it reads have these IDs if Home Assistant is in the language of the page.
    """
    options = {"caller": "602 555 123"}
    hass.config.language = language
    translation.async_setup(hass)
    assert await set_up(hass, entry, **options)
    for entity_id in re.findall(r"\w+\.odorik_\w+", example):
        assert hass.states.get(entity_id), entity_id
    exchange.world.miss("00420777123456", line=300100)
    await entry.runtime_data.history.async_refresh()
    exchange.world.ring("00420777123456", line=300100)
    await entry.runtime_data.active.async_refresh()
    await hass.async_block_till_done()
    exchange.journal.clear()
    assert f"action: {DOMAIN}.{name}\n" in example
    await run_steps(hass, example)
    assert exchange.journal or entry.options != options


def fields_of(name: str) -> set[str]:
    """Return the fields of an action, except for the account, which is described once."""
    fields = dict(ACTIONS[name]["fields"])
    fields |= fields.pop("filters", {"fields": {}})["fields"]
    return set(fields) - {"config_entry_id"}


def description_of(language: str, name: str) -> str:
    """Return the chapters that describe the fields of an action."""
    actions = CHAPTERS[language]
    return actions[name] + actions.get(SHARED.get(name, ""), "")


@pytest.mark.parametrize("language", CHAPTERS)
def test_every_action_and_field_is_in_the_reference(language: str) -> None:
    """Each action has a chapter with an example that mentions each of its fields."""
    assert set(CHAPTERS[language]) == set(ACTIONS)
    for name in ACTIONS:
        assert yaml_blocks(CHAPTERS[language][name]), name
        text = description_of(language, name)
        assert [field for field in fields_of(name) if f"`{field}" not in text] == [], name


def test_the_czech_page_uses_the_names_of_the_editor() -> None:
    """Actions and fields are called what the action editor calls them in Czech."""
    for name, names in texts("cs")["services"].items():
        assert CHAPTERS["cs"][name].startswith(f"\n*{names['name']}*"), name
        labels = {names["fields"][field]["name"] for field in fields_of(name)}
        text = description_of("cs", name)
        if "jako výše" in text:
            text += CHAPTERS["cs"]["get_calls"]
        assert [label for label in labels if f"*{label}*" not in text] == [], name
