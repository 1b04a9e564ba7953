"""Figures in the README, each put there by the command that measured it."""

from collections.abc import Sequence
from datetime import UTC, datetime
import os
from pathlib import Path
import platform
import re

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"


def quote(command: str, text: str) -> None:
    """Put a text between the marks of a command."""
    mark = re.escape(command)
    between = re.compile(rf"(?<=<!-- {mark} -->\n).*(?=<!-- /{mark} -->)", re.DOTALL)
    readme, found = between.subn(lambda _: text, README.read_text("utf-8"))
    assert found == 1, command
    README.write_text(readme, "utf-8")


def circumstances(home_assistant: str) -> str:
    """Say when and where something was measured, and with which Home Assistant."""
    return (
        f"{datetime.now(UTC):%d %B %Y}, {os.process_cpu_count()} cores of "
        f"{platform.system()} {platform.machine()} with a load of {os.getloadavg()[0]:.0f}, "
        f"Python {platform.python_version()}, Home Assistant {home_assistant}"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table as Markdown; what stands in the first column is text, the rest figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
