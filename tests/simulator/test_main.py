"""`python -m simulator` as a process, used by a third-party client."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
import re
import signal
import subprocess
import sys

import odorik  # type: ignore[import-untyped]
import pytest

from simulator.dialects import DIALECTS
from simulator.world.numbers import FORGERIES
from simulator.worlds import PASSWORD, USER, WORLDS

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "simulator")


@contextmanager
def process(*options: str) -> Generator[tuple[subprocess.Popen[str], str]]:
    """Run the command on a free port; yield the process and the base URL of its API."""
    command = [*COMMAND, "--port", "0", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603
        try:
            assert running.stdout is not None
            line = running.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+/api/v1", line)
            assert found, line
            yield running, found[0]
        finally:
            running.terminate()


def run(*options: str) -> subprocess.CompletedProcess[str]:
    """Run the command until it exits."""
    return subprocess.run(  # noqa: S603
        [*COMMAND, *options], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture(scope="module")
def served() -> Generator[str]:
    """Serve a household without background traffic."""
    with process("--no-background-traffic") as (_, url):
        yield url


@pytest.fixture
def client(served: str, socket_enabled: None) -> odorik.Odorik:  # noqa: ARG001
    """Return the third-party client, configured with the URL of the exchange."""
    return odorik.Odorik(USER, PASSWORD, url=f"{served}/")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_command(number: signal.Signals) -> None:
    """The command exits with status 0."""
    with process("--world", "quiet") as (running, _):
        running.send_signal(number)
        assert running.wait(60) == 0


def test_a_port_in_use_is_reported_in_one_line(served: str) -> None:
    """The error message names the port, without a traceback."""
    port = served.split(":")[2].split("/", maxsplit=1)[0]
    done = run("--port", port, "--world", "quiet")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert port in done.stderr


def test_help_describes_worlds_dialects_login_and_controls() -> None:
    """`--help` names everything that a user of the simulator can choose."""
    done = run("--help")
    assert done.returncode == 0
    for word in (
        *WORLDS,
        *DIALECTS,
        USER,
        PASSWORD,
        "/_sim/ring",
        "/_sim/f",
        "sms_fails",
        *FORGERIES,
    ):
        assert word in done.stdout


def test_options_choose_login_seed_and_dialect(socket_enabled: None) -> None:  # noqa: ARG001
    """The options of the command line reach the world."""
    login = ("--user", "777", "--password", "other", "--seed", "9")
    with process(*login, "--world", "quiet", "--dialect", "text") as (_, url):
        client = odorik.Odorik("777", "other", url=f"{url}/")
        assert client.balance() == 500.0
        assert [line["id"] for line in client.lines()] == ["300100", "300110", "300120"]


def test_the_third_party_client_works(client: odorik.Odorik) -> None:
    """Every method of the client works unchanged."""
    now = datetime.now().astimezone()
    month = (now - timedelta(days=62), now)
    credit = client.balance()
    assert [line["id"] for line in client.lines()] == [300100, 300110, 300120]
    calls = client.calls(*month)
    assert len(calls) >= 420
    some = client.calls(*month, line=300110, status="answered", direction="in")
    assert 0 < len(some) < len(calls)
    assert {(c["line"], c["status"], c["direction"]) for c in some} == {(300110, "answered", "in")}
    assert client.callback("00420777123456", "800123456", "300110") == "callback_ordered"
    sent = client.send_sms("00420789123456", "Ahoj")
    assert sent == f"successfully_sent {credit - 0.99:.2f}"
    assert client.balance() == pytest.approx(credit - 0.99)
    soon = (now - timedelta(days=1), now + timedelta(days=1))
    assert [sms["type"] for sms in client.sms(*soon)] == ["sms"]
    assert client.sms(*soon, 300110) == []
    assert client.mobile_data(*month) == client.mobile_data(*month, "00420799300120") == []
    naive = datetime.now()  # noqa: DTZ005 - the client's command line sends times without a zone
    assert len(client.calls(naive - timedelta(days=63), naive + timedelta(days=1))) >= 420


def test_the_third_party_client_understands_errors(client: odorik.Odorik) -> None:
    """Errors in text and in JSON raise the client's own exception."""
    now = datetime.now().astimezone()
    with pytest.raises(odorik.OdorikException, match="error forbidden_sender"):
        client.send_sms("00420789123456", "text", "123456")
    with pytest.raises(odorik.OdorikException, match="error invalid_line"):
        client.callback("00420777123456", "800123456", "1")
    with pytest.raises(odorik.OdorikException, match="nonexisting_public_number"):
        client.mobile_data(now, now, "1")
    stranger = odorik.Odorik(USER, "wrong", url=client.url)
    with pytest.raises(odorik.OdorikException, match="error authentication_failed"):
        stranger.balance()
    with pytest.raises(odorik.OdorikException, match="authentication_failed"):
        stranger.lines()
