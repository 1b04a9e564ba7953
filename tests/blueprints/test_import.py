"""Importing the blueprints into Home Assistant."""

import json
from typing import Any

from homeassistant.components.blueprint.importer import fetch_blueprint_from_github_url
from homeassistant.core import HomeAssistant
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
