"""The module that browsers load: where it is, and what it may not be."""

import gzip
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

from custom_components.odorik.card.serving import CARD, FOLDER, STRATEGIES, URL
from custom_components.odorik.const import DOMAIN

MODULE = FOLDER / CARD
MODULES = (CARD, STRATEGIES)
LARGEST, LARGEST_COMPRESSED = 75_000, 25_000
"""Bytes of a module."""
SOURCE = Path(__file__).parents[2] / "card/src"
SOURCES = sorted(SOURCE.rglob("*.ts"))
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
    for name in MODULES:
        response = await client.get(url.replace(CARD, name))
        assert response.status == HTTPStatus.OK
        assert "javascript" in response.headers["Content-Type"]
        assert "max-age=" in response.headers["Cache-Control"]
        assert await response.read() == FOLDER.joinpath(name).read_bytes()


async def test_the_module_is_registered_before_everything_else(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Pages that are served before that never load the card, so it waits for no account."""
    entry.add_to_hass(hass)
    at_that_time: list[tuple[ConfigEntryState, bool]] = []

    def registered(_change: str, _url: str) -> None:
        at_that_time.append((entry.state, hass.services.has_service(DOMAIN, "callback")))

    hass.data[DATA_EXTRA_MODULE_URL] = UrlManager(registered, [])
    hass.config.components.add("frontend")
    assert await async_setup_component(hass, DOMAIN, {})
    assert at_that_time == [(ConfigEntryState.NOT_LOADED, False)]


async def test_a_home_assistant_without_pages_needs_no_card(
    hass: HomeAssistant, account: MockConfigEntry
) -> None:
    """The integration works in a Home Assistant that is only an engine."""
    assert "frontend" not in hass.config.components
    assert account.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("name", MODULES)
def test_the_modules_are_small_and_whole(name: str) -> None:
    """Every page of every user loads it; what it fetched from elsewhere would tell who is home."""
    source = FOLDER.joinpath(name).read_text("utf-8")
    unpacked, packed = len(source.encode()), len(gzip.compress(source.encode()))
    print(f"{name}: {unpacked} bytes, {packed} compressed")  # noqa: T201
    assert unpacked < LARGEST
    assert packed < LARGEST_COMPRESSED
    assert not re.search(r"\bfetch\(|XMLHttpRequest", source)
    assert "sourceMappingURL" not in source
    addresses = set(re.findall(r"https?://[^\"'`\s]+", source))
    assert addresses == ({MANIFEST["documentation"]} if name == CARD else set())


def test_there_are_no_other_modules() -> None:
    """What nobody loads would be in every home all the same, and what one loads must be there."""
    assert {path.name for path in FOLDER.iterdir() if path.suffix != ".txt"} == set(MODULES)
    loaded = re.findall(r"\bimport\((.*?)\)", MODULE.read_text("utf-8"))
    assert [STRATEGIES in address for address in loaded] == [True]
    imports = re.compile(r"\bimport\b(?!\(|\.meta\.url)")
    assert [name for name in MODULES if imports.search(FOLDER.joinpath(name).read_text())] == []


@pytest.mark.parametrize(
    "feature",
    ["@container", ":has(", "cqi", "cqw", "dvh", "inset:", "rotate:", "static{", "structuredClone"],
)
def test_old_browsers_understand_the_modules(feature: str) -> None:
    """The modules do without what the oldest browsers of docs/card.md lack.

    The build lowers the syntax and the compiler knows the objects; styles are checked here.
    """
    assert [name for name in MODULES if feature in FOLDER.joinpath(name).read_text("utf-8")] == []


def test_mixed_colours_have_a_fallback() -> None:
    """A browser without color-mix() skips the block with it, and keeps the colours before it."""
    for path in SOURCES:
        plain, _, guarded = path.read_text("utf-8").partition("@supports (color: color-mix(")
        assert "color-mix" not in plain, path
        assert "color-mix" not in guarded.partition("\n  }\n")[2], path


@pytest.mark.parametrize(
    "way",
    ["outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "unsafeHTML"],
)
def test_nothing_becomes_markup(way: str) -> None:
    """A name is whatever somebody wrote into a telephone book."""
    assert [name for name in MODULES if way in FOLDER.joinpath(name).read_text("utf-8")] == []
    assert [path for path in SOURCES if way in path.read_text("utf-8")] == []


def test_only_templates_become_markup() -> None:
    """Lit makes elements of its templates, once and before any value is put in; we make none."""
    assert MODULE.read_text("utf-8").count("innerHTML") == 1
    assert [path for path in SOURCES if "innerHTML" in path.read_text("utf-8")] == []


def test_only_the_card_talks_to_home_assistant() -> None:
    """An element that asks by itself could not be shown, or tested, without a house around it.

    A strategy is asked by Home Assistant what to show, and may ask it what there is.
    """
    talk = re.compile(r"callService|connection\.send|subscribeMessage")
    talkers = {path.name for path in SOURCES if talk.search(path.read_text("utf-8"))}
    assert talkers == {"actions.ts", "card.ts", "feed.ts", "home-assistant.ts", "statistics.ts"}


def test_every_text_is_said() -> None:
    """A text that nobody says is loaded by every page all the same."""
    source = "".join(path.read_text("utf-8") for path in SOURCES)
    texts = json.loads((SOURCE / "texts/en.json").read_text("utf-8"))
    made = {key for key in texts if re.fullmatch(r"call_(in|out|redirected|unknown|missed)", key)}
    assert {key for key in texts if f'"{key}"' not in source} == made


def test_what_the_card_is_built_with_names_no_address() -> None:
    """A lock file with addresses works only where those who wrote it get their packages."""
    for name in ("package.json", "package-lock.json"):
        assert "://" not in (SOURCE.parent / name).read_text("utf-8")
    package = json.loads((SOURCE.parent / "package.json").read_text("utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert [one for one in versions.values() if not re.fullmatch(r"\d+\.\d+\.\d+", one)] == []
