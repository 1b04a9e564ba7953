"""The module that browsers load: where it is, and what it may not be."""

from http import HTTPStatus
import json
from pathlib import Path
import re

from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL, UrlManager
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.odorik.card.serving import CARD, URL, __file__ as frontend_file
from custom_components.odorik.const import DOMAIN

MODULE = Path(frontend_file).parents[1] / "www" / CARD
MANIFEST = json.loads((MODULE.parent.parent / "manifest.json").read_text("utf-8"))


async def test_every_page_loads_the_card_of_this_version(
    hass: HomeAssistant,
    enable_custom_integrations: None,  # noqa: ARG001
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """After an update a browser that kept the old card would show the old card for a month."""
    pages = hass.data[DATA_EXTRA_MODULE_URL] = UrlManager(lambda _change, _url: None, [])
    hass.config.components.add("frontend")
    assert await async_setup_component(hass, DOMAIN, {})
    (url,) = pages.urls
    assert url == f"{URL}?v={MANIFEST['version']}"
    client = await hass_client_no_auth()
    response = await client.get(url)
    assert response.status == HTTPStatus.OK
    assert "javascript" in response.headers["Content-Type"]
    assert "max-age=" in response.headers["Cache-Control"]
    assert await response.read() == MODULE.read_bytes()


async def test_a_home_assistant_without_pages_needs_no_card(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """The integration works in a Home Assistant that is only an engine."""
    assert "frontend" not in hass.config.components
    assert account.state is ConfigEntryState.LOADED


def test_the_module_is_small_and_whole() -> None:
    """What is fetched from elsewhere fails without the internet, and tells others who is home."""
    source = MODULE.read_text("utf-8")
    assert len(source.encode()) < 60_000
    assert not re.search(r"^\s*import\b|\bimport\(|\bfetch\(|XMLHttpRequest", source, re.MULTILINE)
    addresses = set(re.findall(r"https?://[^\"'`\s]+", source))
    assert addresses == {MANIFEST["documentation"]}


@pytest.mark.parametrize(
    "way", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("]
)
def test_nothing_becomes_markup(way: str) -> None:
    """A name is whatever somebody wrote into a telephone book."""
    assert way not in MODULE.read_text("utf-8")


def test_both_languages_say_the_same() -> None:
    """A text that is missing in one language would show a Czech household an error."""
    source = MODULE.read_text("utf-8")
    texts = source[source.index("const TEXTS") : source.index("const STYLE")]
    english, czech = texts.split("\n  cs: {")
    said = {}
    for language, block in (("en", english), ("cs", czech)):
        pairs = re.findall(r'^    (\w+):\s+"((?:[^"\\]|\\.)*)",$', block, re.MULTILINE)
        said[language] = {key: sorted(re.findall(r"{(\w+)}", text)) for key, text in pairs}
    assert said["en"] == said["cs"]
    assert len(said["en"]) > 50
    asked = set(re.findall(r'say\((?:[\w.]+, )?"(\w+)"', source))
    assert asked <= set(said["en"])
