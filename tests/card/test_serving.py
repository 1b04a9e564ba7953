"""The modules that browsers load: how they are served, and their content."""

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
"""The maximum size of a module in bytes."""
SOURCE = Path(__file__).parents[2] / "card/src"
SOURCES = sorted(SOURCE.rglob("*.ts"))
MANIFEST = json.loads((MODULE.parent.parent / "manifest.json").read_text("utf-8"))


async def test_every_page_loads_the_card_of_this_version(
    hass: HomeAssistant,
    enable_custom_integrations: None,  # noqa: ARG001
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """The modules are cached, and their address changes with the version."""
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


async def test_the_module_is_registered_before_anything_is_set_up(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Pages that are served before the registration never load the card."""
    entry.add_to_hass(hass)
    states: list[tuple[ConfigEntryState, bool]] = []

    def registered(_change: str, _url: str) -> None:
        states.append((entry.state, hass.services.has_service(DOMAIN, "callback")))

    hass.data[DATA_EXTRA_MODULE_URL] = UrlManager(registered, [])
    hass.config.components.add("frontend")
    assert await async_setup_component(hass, DOMAIN, {})
    assert states == [(ConfigEntryState.NOT_LOADED, False)]


@pytest.mark.parametrize("name", MODULES)
def test_the_modules_are_small_and_self_contained(name: str) -> None:
    """A module is below the maximum size and loads nothing from other servers."""
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
    """Each module in the folder is loaded, and each module that is loaded is there."""
    assert {path.name for path in FOLDER.iterdir() if path.suffix != ".txt"} == set(MODULES)
    loaded = re.findall(r"\bimport\((.*?)\)", MODULE.read_text("utf-8"))
    assert [STRATEGIES in address for address in loaded] == [True]
    imports = re.compile(r"\bimport\b(?!\(|\.meta\.url)")
    assert [name for name in MODULES if imports.search(FOLDER.joinpath(name).read_text())] == []


def test_the_modules_use_no_features_that_old_browsers_lack() -> None:
    """The modules run in the oldest browsers of docs/card.md.

    The build lowers the syntax and the compiler checks the objects; this test checks the styles.
    """
    styles = ("@container", ":has(", "cqi", "cqw", "dvh", "inset:", "rotate:")
    features = (*styles, "static{", "structuredClone")
    for name in MODULES:
        module = FOLDER.joinpath(name).read_text("utf-8")
        assert [it for it in features if it in module] == [], name


def test_mixed_colours_have_a_fallback() -> None:
    """Each color-mix() is in a block that browsers without it skip."""
    for path in SOURCES:
        plain, _, guarded = path.read_text("utf-8").partition("@supports (color: color-mix(")
        assert "color-mix" not in plain, path
        assert "color-mix" not in guarded.partition("\n  }\n")[2], path


def test_no_value_becomes_markup() -> None:
    """Names are not trusted: neither the modules nor their source insert HTML.

    Lit alone parses HTML, from its templates and before any value is inserted.
    """
    methods = ("outerHTML", "insertAdjacentHTML", "unsafeHTML")
    functions = ("document.write", "eval(", "Function(")
    for path in (*SOURCES, *map(FOLDER.joinpath, MODULES)):
        text = path.read_text("utf-8")
        assert [it for it in (*methods, *functions) if it in text] == [], path
        assert text.count("innerHTML") == (path == MODULE), path


def test_elements_do_not_call_home_assistant() -> None:
    """Only the card and the strategies send requests to Home Assistant.

    The other elements can be shown and tested without a connection.
    """
    request = re.compile(r"callService|connection\.send|subscribeMessage")
    callers = {path.name for path in SOURCES if request.search(path.read_text("utf-8"))}
    assert callers == {"actions.ts", "card.ts", "feed.ts", "home-assistant.ts", "statistics.ts"}


def test_every_text_is_used() -> None:
    """The modules contain no text that they never show."""
    strategies = SOURCE / "strategies"
    for folder in (SOURCE, strategies):
        source = "".join(
            path.read_text("utf-8")
            for path in SOURCES
            if (path.parent == strategies) is (folder == strategies)
        )
        texts = json.loads((folder / "texts/en.json").read_text("utf-8"))
        computed = {
            key
            for key in texts
            if re.fullmatch(
                r"call_(in|out|redirected|unknown|missed|gate)|gate_(opened|refused)", key
            )
        }
        assert {key for key in texts if f'"{key}"' not in source} == computed


def test_the_build_depends_on_exact_versions_and_no_registry() -> None:
    """The package files contain no address of a registry, and only exact versions."""
    for name in ("package.json", "package-lock.json"):
        assert "://" not in (SOURCE.parent / name).read_text("utf-8")
    package = json.loads((SOURCE.parent / "package.json").read_text("utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert [one for one in versions.values() if not re.fullmatch(r"\d+\.\d+\.\d+", one)] == []
