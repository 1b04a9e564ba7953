"""Paths to which calls may be exported, and by which users."""

from pathlib import Path

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.odorik.actions.export import export_path

from .conftest import EVER, Actions


@pytest.fixture
def folders(hass: HomeAssistant, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The configuration folder, an allowed one in it, an allowed one elsewhere, and another."""
    config = Path(hass.config.config_dir)
    folders = {
        "config": config,
        "exports": config / "exports",
        "allowed": tmp_path_factory.mktemp("allowed"),
        "outside": tmp_path_factory.mktemp("outside"),
    }
    folders["exports"].mkdir()
    for name in ("exports", "allowed"):
        hass.config.allowlist_external_dirs.add(str(folders[name]))
    return folders


def exported_lines(path: str) -> int:
    """Count the lines of an exported table, and delete it."""
    lines = Path(path).read_text("utf-8").splitlines()
    Path(path).unlink()
    return len(lines)


async def test_calls_are_exported_to_allowed_folders(
    act: Actions, folders: dict[str, Path], subtests: pytest.Subtests
) -> None:
    """Automations may write into the configuration folder and into the allow-list."""
    act.world.fill(3)
    (folders["config"] / "inner").mkdir()
    (folders["config"] / "inner_link").symlink_to(folders["config"] / "inner")
    for path in (
        "calls.csv",
        "odorik/2026/calls.csv",
        "odorik/../calls.csv",
        "./calls.CSV",
        "wwwest/calls.csv",
        "inner_link/calls.csv",
        "{allowed}/calls.csv",
        "{allowed}/new/calls.csv",
        "{allowed}/unmade/../calls.csv",
    ):
        with subtests.test(path):
            answer = await act("export_calls", **EVER, path=path.format(**folders))
            assert exported_lines(answer["path"]) == 4
    assert not (folders["allowed"] / "unmade").exists()


CLOSED_PATHS = [
    "../calls.csv",
    "odorik/../../calls.csv",
    "{outside}/calls.csv",
    "{config}/calls.csv",
    "{allowed}/../calls.csv",
    "www/calls.csv",
    "odorik/../www/calls.csv",
    "{config}/www/calls.csv",
    "www_link/calls.csv",
    "outside_link/calls.csv",
    "file_link.csv",
    "dangling_link.csv",
    "{allowed}/outside_link/calls.csv",
    "custom_components/odorik/calls.csv",
    ".storage/calls.csv",
    ".calls.csv",
    "configuration.yaml",
    "home-assistant_v2.db",
    "calls",
    "",
    ".",
    "folder.csv",
    "a\0.csv",
    "\ud800.csv",
]


def test_no_other_path_is_exported_to(hass: HomeAssistant, folders: dict[str, Path]) -> None:
    """Other folders, programs, public and hidden files are refused, even through links."""
    config, outside = folders["config"], folders["outside"]
    for folder in ("www", "folder.csv"):
        (config / folder).mkdir()
    (config / "www_link").symlink_to(config / "www")
    (config / "outside_link").symlink_to(outside)
    (folders["allowed"] / "outside_link").symlink_to(outside)
    (outside / "old.csv").write_text("old")
    (config / "file_link.csv").symlink_to(outside / "old.csv")
    (config / "dangling_link.csv").symlink_to(outside / "new.csv")
    for path in CLOSED_PATHS:
        with pytest.raises(ServiceValidationError) as failure:
            export_path(hass.config, path.format(**folders), is_trusted=True)
        assert failure.value.translation_key in {"path_not_allowed", "path_without_suffix"}, path


async def test_public_and_hidden_folders_are_closed_even_in_the_allow_list(
    act: Actions, folders: dict[str, Path]
) -> None:
    """Files in ``www`` are served to everybody, so an export never goes there."""
    config = folders["config"]
    act.hass.config.allowlist_external_dirs.add(str(config))
    assert await act("export_calls", **EVER, path=str(config / "calls.csv"))
    for path in (config / "www/calls.csv", config / ".storage/calls.json"):
        await act.rejects("path_not_allowed", "export_calls", **EVER, path=str(path))


@pytest.mark.parametrize(
    ("path", "is_allowed"),
    [
        ("exports/calls.json", True),
        ("{exports}/calls.json", True),
        ("zigbee2mqtt/coordinator_backup.json", False),
        ("notes.txt", False),
        ("exports/../notes.txt", False),
        ("{config}/notes.txt", False),
    ],
)
async def test_users_need_the_allow_list(
    act: Actions, folders: dict[str, Path], path: str, *, is_allowed: bool
) -> None:
    """Users who are not administrators may not write elsewhere, even by a relative path.

    Otherwise they could overwrite files of the configuration.
    """
    user = MockUser(is_owner=False).add_to_hass(act.hass)
    user.mock_policy({"entities": True})
    context, path = Context(user_id=user.id), path.format(**folders)
    if is_allowed:
        await act("export_calls", context, **EVER, path=path)
    else:
        await act.rejects("path_not_allowed_for_users", "export_calls", context, **EVER, path=path)
    assert (folders["config"] / path).resolve().exists() is is_allowed


async def test_administrators_may_use_a_relative_path(
    act: Actions, folders: dict[str, Path], hass_admin_user: MockUser
) -> None:
    """Administrators may write into the configuration folder, as automations may."""
    context = Context(user_id=hass_admin_user.id)
    await act("export_calls", context, **EVER, format="json", path="odorik/calls.json")
    assert (folders["config"] / "odorik/calls.json").exists()
