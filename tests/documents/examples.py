"""Read the documents, and run the examples in them."""

from collections.abc import Mapping
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.script import Script, async_validate_actions_config
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml

from custom_components.odorik.const import DOMAIN

ROOT = Path(__file__).parents[2]


def pages(name: str) -> dict[str, str]:
    """Return the text of a document by language."""
    paths = {"en": ROOT / "docs" / name, "cs": ROOT / "docs/cs" / name}
    return {language: path.read_text("utf-8") for language, path in paths.items()}


def texts(language: str) -> Any:
    """Return the translations of the integration."""
    path = ROOT / f"custom_components/odorik/translations/{language}.json"
    return json.loads(path.read_text("utf-8"))


def chapters(page: str) -> dict[str, str]:
    """Return the text of each chapter of a document by its heading."""
    return dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE))


def yaml_blocks(text: str) -> list[str]:
    """Return the YAML blocks of a document."""
    return re.findall(r"^```yaml\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


async def set_up_automations(hass: HomeAssistant, *examples: Any) -> None:
    """Set up examples of automations, named ``example 0`` and so on, and check that they are on."""
    config = [
        {"alias": f"example {number}", "mode": "parallel", **example}
        for number, example in enumerate(examples)
    ]
    assert await async_setup_component(hass, "automation", {"automation": config})
    await hass.async_block_till_done()
    states = [hass.states.get(f"automation.example_{number}") for number in range(len(config))]
    assert [state and state.state for state in states] == ["on"] * len(config)


async def run_steps(hass: HomeAssistant, example: str) -> Mapping[str, Any]:
    """Run the steps of a script to their end, and return its variables."""
    steps: Any = parse_yaml(example)
    # A condition that is false ends a script silently.
    steps.append({"variables": {"reached": "the end"}})
    sequence = await async_validate_actions_config(hass, cv.SCRIPT_SCHEMA(steps))
    result = await Script(hass, sequence, "example", DOMAIN).async_run(context=Context())
    assert result
    assert result.variables["reached"] == "the end"
    return result.variables
