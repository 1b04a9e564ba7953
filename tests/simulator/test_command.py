"""`python -m simulator` as a process, and a client that others wrote telephoning through it."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
import io
import json
from pathlib import Path
import re
import signal
import subprocess
import sys
from urllib.request import Request, urlopen

import odorik  # type: ignore[import-untyped]
from odorik.main import main  # type: ignore[import-untyped]
import pytest

from simulator.dialects import DIALECTS
from simulator.worlds import PASSWORD, USER, WORLDS

ROOT = Path(__file__).parents[2]


@contextmanager
def process(*options: str) -> Generator[tuple[subprocess.Popen[str], str]]:
    """Run the command on a free port; yield the process and the base of its API."""
    command = [sys.executable, "-m", "simulator", "--port", "0", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603
        try:
            assert running.stdout is not None
            line = running.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+/api/v1", line)
            assert found, line
            yield running, found[0]
        finally:
            running.terminate()


@pytest.fixture(scope="module")
def served() -> Generator[str]:
    """A household that does not live by itself, served by a process."""
    with process("--no-background-traffic") as (_, url):
        yield url


@pytest.fixture
def client(served: str, socket_enabled: None) -> odorik.Odorik:  # noqa: ARG001
    """The public client, pointed at the exchange by its own `url` parameter."""
    return odorik.Odorik(USER, PASSWORD, url=f"{served}/")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_stops_cleanly(number: signal.Signals) -> None:
    """The demo must leave nothing behind when it is stopped."""
    with process("--world", "quiet") as (running, _):
        running.send_signal(number)
        assert running.wait(10) == 0


def test_a_taken_port_is_said_in_one_line(served: str) -> None:
    """A traceback would send a newcomer looking in the wrong place."""
    port = served.split(":")[2].split("/", maxsplit=1)[0]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "simulator", "--port", port, "--world", "quiet"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert port in done.stderr


def test_help_names_the_worlds_the_login_and_the_controls() -> None:
    """It is the only manual that somebody with curl needs."""
    done = subprocess.run(
        [sys.executable, "-m", "simulator", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    for word in (*WORLDS, *DIALECTS, USER, PASSWORD, "/_sim/ring", "/_sim/f"):
        assert word in done.stdout


def test_a_dialect_is_chosen_at_the_start(socket_enabled: None) -> None:  # noqa: ARG001
    """A client is tried against each of them."""
    with process("--world", "quiet", "--dialect", "text") as (_, url):
        lines = odorik.Odorik(USER, PASSWORD, url=f"{url}/").lines()
    assert [line["id"] for line in lines] == ["300100", "300110", "300120"]


def test_another_login_and_seed_can_be_given(socket_enabled: None) -> None:  # noqa: ARG001
    """Two accounts in Home Assistant need two exchanges that differ."""
    options = ("--user", "777", "--password", "other", "--seed", "9", "--world", "quiet")
    with process(*options) as (_, url):
        assert odorik.Odorik("777", "other", url=f"{url}/").balance() == 500.0


def test_the_public_client_works_unchanged(client: odorik.Odorik) -> None:
    """Every method of it; a dialect that only our own client understands would prove nothing."""
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
    naive = datetime.now()  # noqa: DTZ005 - the client's own command line sends times without zone
    assert len(client.calls(naive - timedelta(days=63), naive + timedelta(days=1))) >= 420


def test_the_public_client_understands_each_refusal(client: odorik.Odorik) -> None:
    """Text and JSON errors both reach it as its own exception."""
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


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["balance"], "balance: "),
        (["lines"], "active_822"),
        (["lines", "--generate-config"], "Domov = 300100"),
        (["calls", "--last-month"], "count_in: "),
        (["summary"], "call_price"),
        (["mobile-data", "--all"], "bytes_total"),
        (["api", "sms/allowed_sender"], "Odorik.cz,5517,00420799300120"),
    ],
)
def test_the_public_command_line_works_unchanged(
    client: odorik.Odorik, words: list[str], expected: str
) -> None:
    """Pointed at the exchange by its own `--url`."""
    said = io.StringIO()
    login = ["--url", client.url, "--user", USER, "--password", PASSWORD]
    main(stdout=said, args=[*login, *words])
    assert expected in said.getvalue()


def test_the_controls_of_a_process_reach_its_world(served: str, client: odorik.Odorik) -> None:
    """What scripts and the end-to-end test do: make it ring, look, hang up."""
    site = served.removesuffix("/api/v1")

    def control(name: str, **wishes: object) -> dict[str, int]:
        request = Request(f"{site}/_sim/{name}", json.dumps(wishes).encode())  # noqa: S310
        with urlopen(request) as answer:  # noqa: S310
            return dict(json.load(answer))

    number = control("ring", **{"from": "602111222"})["id"]
    calls = {call["id"]: call for call in client.get_json("active_calls.json")}
    assert calls[number]["source_number"] == "00420602111222"
    assert control("end", id=number)["id"] == number
    assert number not in {call["id"] for call in client.get_json("active_calls.json")}
