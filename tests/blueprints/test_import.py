"""Importing the blueprints into Home Assistant."""

import json
from typing import Any

from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.components.blueprint.importer import fetch_blueprint_from_github_url
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from custom_components.odorik.const import DOMAIN

from .conftest import FOLDER, ROOT

NAMES = sorted(path.stem for path in (ROOT / FOLDER).glob("*.yaml"))
MANIFEST = json.loads((ROOT / "custom_components" / DOMAIN / "manifest.json").read_text("utf-8"))
REPOSITORY = MANIFEST["documentation"]


@pytest.mark.parametrize("name", NAMES)
async def test_a_blueprint_is_imported_from_its_link(
    hass: HomeAssistant, aioclient_mock: Any, name: str
) -> None:
    """The address of a blueprint leads to the blueprint that gives it as its source."""
    path = f"main/{FOLDER}/{name}.yaml"
    raw = f"{REPOSITORY.replace('github.com', 'raw.githubusercontent.com')}/{path}"
    aioclient_mock.get(raw, text=(ROOT / FOLDER / f"{name}.yaml").read_text("utf-8"))
    link = f"{REPOSITORY}/blob/{path}"
    blueprint = (await fetch_blueprint_from_github_url(hass, link)).blueprint
    assert blueprint.validate() is None
    assert blueprint.domain == "automation"
    assert blueprint.metadata["source_url"] == link
    assert blueprint.metadata["homeassistant"]["min_version"] == "2026.10.0"
    for value in blueprint.inputs.values():
        assert value
        assert value.get("name")
        assert value.get("selector")


@pytest.mark.usefixtures("enable_custom_integrations")
async def test_blueprints_in_the_configuration_are_offered(hass: HomeAssistant) -> None:
    """Home Assistant accepts every blueprint that is in the configuration folder."""
    assert await async_setup_component(hass, "automation", {})
    blueprints = await async_get_blueprints(hass).async_get_blueprints()
    ours = {path: found for path, found in blueprints.items() if path.startswith(DOMAIN)}
    assert sorted(ours) == [f"{DOMAIN}/{name}.yaml" for name in NAMES]
    assert not [found for found in ours.values() if isinstance(found, Exception)]
    assert len(ours) == 12
