"""Versions that several files state."""

import json
import tomllib

from homeassistant.const import __version__ as home_assistant
from packaging.requirements import Requirement

from scripts.home import ROOT

MANIFEST = json.loads((ROOT / "custom_components/odorik/manifest.json").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_requirements_are_ranges_that_contain_the_tested_versions() -> None:
    """The manifest pins no version, because another integration may need the same library."""
    allowed = {need.name: need.specifier for need in map(Requirement, MANIFEST["requirements"])}
    for pin in map(Requirement, PROJECT["dependency-groups"]["integration"]):
        (exact,) = pin.specifier
        assert exact.operator == "=="
        bounds = allowed.pop(pin.name)
        assert {bound.operator for bound in bounds} == {">=", "<"}
        assert exact.version in bounds
    assert allowed == {}


def test_the_manifest_and_the_project_have_the_same_version() -> None:
    """The release workflow compares the tag with the manifest only."""
    assert MANIFEST["version"] == PROJECT["project"]["version"]


def test_the_oldest_supported_home_assistant_is_the_tested_one() -> None:
    """HACS does not install the integration in a Home Assistant older than the tested one."""
    promised = json.loads((ROOT / "hacs.json").read_text("utf-8"))["homeassistant"]
    assert promised.split(".")[:2] == home_assistant.split(".")[:2]
