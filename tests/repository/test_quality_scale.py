"""quality_scale.yaml: every rule has an answer, and the files that it refers to exist."""

from pathlib import Path
import re
from typing import Any

from homeassistant.util.yaml import load_yaml_dict
import pytest

ROOT = Path(__file__).parents[2]
INTEGRATION = ROOT / "custom_components/odorik"
RULES: dict[str, Any] = load_yaml_dict(str(INTEGRATION / "quality_scale.yaml"))["rules"]

SCALE = {
    "bronze": """
        action-setup appropriate-polling brands common-modules config-flow-test-coverage config-flow
        dependency-transparency docs-actions docs-triggers docs-conditions
        docs-high-level-description docs-installation-instructions docs-removal-instructions
        entity-event-setup entity-unique-id has-entity-name runtime-data test-before-configure
        test-before-setup unique-config-entry""",
    "silver": """
        action-exceptions config-entry-unloading docs-configuration-parameters
        docs-installation-parameters entity-unavailable integration-owner log-when-unavailable
        parallel-updates reauthentication-flow test-coverage""",
    "gold": """
        devices diagnostics discovery-update-info discovery docs-data-update docs-examples
        docs-known-limitations docs-supported-devices docs-supported-functions
        docs-troubleshooting docs-use-cases dynamic-devices entity-category entity-device-class
        entity-disabled-by-default entity-translations exception-translations icon-translations
        reconfiguration-flow repair-issues stale-devices""",
    "platinum": "async-dependency inject-websession strict-typing",
}
"""The rules of Home Assistant's quality scale by tier, as of August 2026."""

FILE = re.compile(r"[\w@/.]+\.(?:py|md|json|yaml|toml|png)\b")


def test_every_rule_is_answered() -> None:
    """The file lists exactly the rules of the quality scale."""
    assert set(RULES) == {rule for rules in SCALE.values() for rule in rules.split()}


@pytest.mark.parametrize("rule", RULES)
def test_an_answer_has_a_status_and_evidence(rule: str) -> None:
    """A rule is done or exempt, and the files in its comment exist."""
    answer = RULES[rule]
    assert answer["status"] in {"done", "exempt"}
    assert answer["comment"]
    for name in FILE.findall(answer["comment"]):
        assert (INTEGRATION / name).exists() or (ROOT / name).exists(), name
