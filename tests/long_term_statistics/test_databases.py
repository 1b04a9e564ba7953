"""The statistics in databases other than SQLite; each has its own way of adding up."""

from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import shutil
import subprocess
import tempfile
import time
from uuid import uuid4

from homeassistant.components.recorder import get_instance
from homeassistant.util import dt as dt_util
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from scripts.home import free_port

from .conftest import StatisticsHarness, fill_with_edges

START_TIMEOUT = 60
"""Seconds."""


def find(name: str, folders: str) -> str | None:
    """Find a program of a server; Debian installs them outside of the search path."""
    found = [str(path) for path in sorted(Path("/").glob(f"{folders}/{name}"))]
    return shutil.which(name) or (found[-1] if found else None)


@contextmanager
def running(user: str, *commands: tuple[str | Path, ...], folder: Path) -> Iterator[None]:
    """Run the last command until the block is left, after the others have finished."""
    # Database servers refuse to run as root.
    owner = user if os.geteuid() == 0 and user else None
    if owner:
        shutil.chown(folder, owner, owner)
    *before, last = commands
    with (folder / "log").open("wb") as log:
        for command in before:
            subprocess.run(command, check=True, stdout=log, stderr=log, user=owner, cwd=folder)  # noqa: S603
        server = subprocess.Popen(last, stdout=log, stderr=log, user=owner, cwd=folder)  # noqa: S603
        try:
            yield
        finally:
            server.terminate()
            server.wait(30)


@contextmanager
def mariadb(folder: Path) -> Iterator[str]:
    """Run a MariaDB server."""
    port, data = free_port(), folder / "data"
    install = find("mariadb-install-db", "usr/bin")
    server = find("mariadbd", "usr/sbin")
    if not install or not server:
        raise LookupError("apt install mariadb-server")
    with running(
        "mysql",
        (install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal"),
        (
            *(server, "--no-defaults", f"--datadir={data}", f"--socket={folder / 'socket'}"),
            *(f"--port={port}", "--bind-address=127.0.0.1", f"--pid-file={folder / 'pid'}"),
        ),
        folder=folder,
    ):
        yield f"mysql+pymysql://root@127.0.0.1:{port}/{{name}}?charset=utf8mb4"


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL server."""
    port, data = free_port(), folder / "data"
    folders = "usr/lib/postgresql/*/bin"
    install, server = find("initdb", folders), find("postgres", folders)
    if not install or not server:
        raise LookupError("apt install postgresql")
    with running(
        "postgres",
        (install, "-D", data, "-A", "trust", "-U", "home", "-E", "UTF8", "--no-sync"),
        (
            *(server, "-D", data, "-h", "127.0.0.1", "-p", str(port)),
            *("-c", "unix_socket_directories=", "-c", "fsync=off"),
        ),
        folder=folder,
    ):
        yield f"postgresql://home@127.0.0.1:{port}/{{name}}"


@pytest.fixture(params=[mariadb, postgresql], ids=lambda run: run.__name__)
def server(
    request: pytest.FixtureRequest,
    socket_enabled: None,  # noqa: ARG001
) -> Iterator[str]:
    """The URL of a server's databases, with a placeholder for the name."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            with request.param(Path(folder)) as url:
                yield url
        except LookupError as missing:
            if request.config.getoption("--long"):
                raise
            pytest.skip(f"{request.param.__name__} is not installed: {missing}")


@pytest.fixture
def recorder_db_url(server: str, hass_fixture_setup: list[bool]) -> str:
    """The URL of a new database, used by the test plugin's recorder."""
    assert not hass_fixture_setup
    name = f"home_{uuid4().hex}"
    system = "mysql" if server.startswith("mysql") else "postgres"
    engine = create_engine(server.format(name=system), isolation_level="AUTOCOMMIT")
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        try:
            with engine.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
        except OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            break
    engine.dispose()
    return server.format(name=name)


async def test_the_statistics_are_the_same_in_every_database(stats: StatisticsHarness) -> None:
    """The import, later calls and a rebuild are complete in MariaDB and PostgreSQL, too."""
    fill_with_edges(stats.world)
    await stats.set_up()
    await stats.assert_complete()
    stats.add_call(date=dt_util.utcnow().replace(day=1), direction="out", price=0.1)
    await stats.add_outgoing(price=1.2345)
    await stats.assert_complete()
    await stats.clear("outgoing_cost")
    assert await stats.rebuild()
    await stats.assert_complete()
    assert get_instance(stats.hass).dialect_name in {"mysql", "postgresql"}
