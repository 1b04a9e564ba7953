"""The demo (scripts/develop): a simulated exchange and a Home Assistant connected to it."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
import json
from pathlib import Path
import shutil
import signal
import sys
from typing import Any

from scripts.client import PASSWORD, USER, HomeError
from scripts.exchange import LOGIN, Exchange, exchange
from scripts.home import RESTART, ROOT, Home, free_port, is_free

FOLDER = ROOT / ".demo"
EXCHANGE_PORT = 8087
CALLER = "777 000 111"
"""The phone number of the demo's user."""

PANEL = "odorik-calls"
DASHBOARD = {"strategy": {"type": "custom:odorik"}}
"""The configuration that *Add dashboard → Odorik* stores."""
DEMO_PAGE = "odorik-demo"
VOICEMAIL = ROOT / "tests/blueprints/voicemail.eml"
"""An e-mail with voicemail, as the operator sends it."""
AUTOMATIONS: tuple[dict[str, Any], ...] = (
    {
        "id": "demo_sms_received",
        "alias": "Notification of a received SMS",
        "triggers": {"trigger": "odorik.sms_received"},
        "actions": {
            "action": "persistent_notification.create",
            "data": {
                "title": "SMS received",
                "message": "From {{ trigger.name or trigger.number or 'a withheld number' }}",
            },
        },
    },
    {
        "id": "demo_voicemail",
        "alias": "Notification of voicemail by e-mail",
        "use_blueprint": {
            "path": "odorik/voicemail_by_email.yaml",
            "input": {
                "list": f"todo.odorik_{LOGIN['username']}_missed_calls",
                "phones": [],
                "mark_as_read": False,
                "actions": {
                    "action": "persistent_notification.create",
                    "data": {"title": "Voicemail", "message": "{{ message }}"},
                },
            },
        },
    },
)
"""The demo has no phone with the app, so these show notifications in Home Assistant."""
WORLD = ("--world", "years")
"""A household with five years of calls."""

READY = """
Home Assistant  {home}   user {user}, password {password}
Control page    {exchange}/_sim/   to ring, answer and hang up
A call comes in every minute or two. Five years of calls are imported for the view Years, which
takes less than a minute. To receive a call now:

    curl -d from=777123456 {exchange}/_sim/ring

A received SMS (on the control page) leads to a notification within two minutes. The page
{home}/{page} has a button for a voicemail by e-mail.

Press Ctrl-C to stop. Home Assistant's data is kept in .demo; --fresh deletes it.
"""


def say(text: str) -> None:
    """Print a line immediately."""
    print(text, flush=True)  # noqa: T201 - The output of the command.


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/develop",
        description="Start the newest Home Assistant with this integration and a simulated Odorik "
        "exchange that receives calls now and then. No real calls are made or charged.",
        epilog="To simulate a call, open the exchange's control page, whose address is printed, or "
        "see `.venv-hass/bin/python -m simulator --help`.",
    )
    parser.add_argument("--fresh", action="store_true", help="delete the data of the last demo")
    parser.add_argument(
        "--push", action="store_true", help="turn push on, so that the exchange announces its calls"
    )
    parser.add_argument(
        "--port", type=int, default=8123, help="port of Home Assistant (default: %(default)s)"
    )
    return parser.parse_args()


@asynccontextmanager
async def demo(
    folder: Path,
    port: int,
    *options: str,
    exchange_port: int = 0,
    push: bool = False,
    language: str = "en",
) -> AsyncIterator[tuple[Exchange, Home]]:
    """Run the exchange and a Home Assistant with its account and a dashboard.

    Args:
        folder: Configuration folder of Home Assistant.
        port: Port of Home Assistant.
        *options: Command-line options of the exchange.
        exchange_port: Port of the exchange; 0 chooses a free one.
        push: True if the exchange announces its calls.
        language: Language in which new entities are named.
    """
    async with (
        exchange("--world", "household", *options, port=exchange_port) as simulator,
        Home(
            folder=folder,
            port=port,
            exchange=simulator.url,
            panel=PANEL,
            configuration=configuration(),
        ) as home,
    ):
        if not await entries(home):
            await home.command("config/core/update", language=language)
            # With a default caller, a callback needs one tap.
            form = await home.add("odorik", **LOGIN, caller=CALLER)
            if form["type"] != "create_entry":
                raise HomeError(f"Odorik could not be added: {form.get('errors', form)}")
        await add_dashboard(home, PANEL, DASHBOARD, title="Odorik")
        await add_dashboard(home, DEMO_PAGE, demo_page(simulator), title="Demo", is_hidden=True)
        await set_push(simulator, home, is_on=push)
        yield simulator, home


async def entries(home: Home) -> list[dict[str, Any]]:
    """Return the config entries of the integration."""
    found: list[dict[str, Any]] = await home.get("config/config_entries/entry?domain=odorik")
    return found


def voicemail_event() -> dict[str, Any]:
    """Return the event that Home Assistant's integration IMAP fires for the voicemail.

    The demo has no mail server.
    """
    mail = message_from_bytes(VOICEMAIL.read_bytes(), policy=policy.default)
    body = mail.get_body()
    return {
        "entry_id": "demo",
        "initial": True,
        "sender": mail["From"].addresses[0].addr_spec,
        "subject": str(mail["Subject"]),
        "text": body.get_content() if isinstance(body, EmailMessage) else "",
        "uid": "1",
    }


def configuration() -> str:
    """Return the automations and the script of the demo for configuration.yaml."""
    script = {
        "alias": "Receive a voicemail by e-mail",
        "icon": "mdi:voicemail",
        "sequence": {"event": "imap_content", "event_data": voicemail_event()},
    }
    # JSON is valid YAML.
    return (
        f"automation demo: {json.dumps(AUTOMATIONS)}\n"
        f"script demo: {json.dumps({'voicemail': script})}\n"
    )


def demo_page(simulator: Exchange) -> dict[str, Any]:
    """Return the dashboard with what the control page of the exchange cannot do."""
    button = {
        "type": "button",
        "entity": "script.voicemail",
        "tap_action": {"action": "perform-action", "perform_action": "script.voicemail"},
    }
    link = {"type": "markdown", "content": f"[Control page]({simulator.site}/_sim/)"}
    return {"views": [{"title": "Demo", "cards": [button, link]}]}


async def add_dashboard(
    home: Home, path: str, config: dict[str, Any], *, title: str, is_hidden: bool = False
) -> None:
    """Add a dashboard, unless it exists, and save its configuration."""
    boards = await home.command("lovelace/dashboards/list")
    if path not in {board["url_path"] for board in boards}:
        await home.command(
            "lovelace/dashboards/create",
            url_path=path,
            title=title,
            icon="mdi:phone",
            mode="storage",
            show_in_sidebar=not is_hidden,
        )
    elif not is_hidden:
        # Keep the changes of the user.
        return
    await home.command("lovelace/config/save", url_path=path, config=config)


async def set_push(simulator: Exchange, home: Home, *, is_on: bool) -> None:
    """Turn push on or off, and give the exchange the address of the webhook."""
    (entry,) = await entries(home)
    has_hook = any(hook["domain"] == "odorik" for hook in await home.command("webhook/list"))
    if is_on is not has_hook:
        await home.change_options(entry["entry_id"], caller=CALLER, push=is_on)
    if is_on:
        await simulator.do(
            "hook", url=f"{home.url}{await home.webhook_path(entry['title'])}?hook=call"
        )


async def keep_running(home: Home) -> int:
    """Start Home Assistant again whenever it is restarted, and return its final exit code."""
    while (code := await home.wait()) == RESTART:
        await home.stop()
        await home.start()
    return code


async def run(port: int, *, push: bool) -> None:
    """Run the demo until a process ends or the task is cancelled."""
    exchange_port = EXCHANGE_PORT if is_free(EXCHANGE_PORT) else free_port()
    say("Starting Home Assistant; the first start takes half a minute …")
    async with demo(FOLDER, port, *WORLD, exchange_port=exchange_port, push=push) as (
        simulator,
        home,
    ):
        say(
            READY.format(
                home=home.url,
                exchange=simulator.site,
                user=USER,
                password=PASSWORD,
                page=DEMO_PAGE,
            )
        )
        ends = {
            asyncio.create_task(simulator.process.wait()): "The simulated exchange has ended.",
            asyncio.create_task(
                keep_running(home)
            ): "Home Assistant has ended; see home-assistant.log in .demo.",
        }
        try:
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            raise HomeError(ends[done.pop()])
        finally:
            say("Stopping …")
            for task in ends:
                task.cancel()


async def main() -> None:
    """Run the demo, and shut it down cleanly on Ctrl-C or SIGTERM."""
    options = arguments()
    if not is_free(options.port):
        raise HomeError(
            f"Port {options.port} is in use, perhaps by another demo. Use a free one: "
            f"scripts/develop --port {free_port()}"
        )
    if options.fresh:
        shutil.rmtree(FOLDER, ignore_errors=True)
    running = asyncio.create_task(run(options.port, push=options.push))
    for number in (signal.SIGINT, signal.SIGTERM):
        # Only once: a second Ctrl-C must not interrupt the shutdown.
        asyncio.get_running_loop().add_signal_handler(
            number, lambda: running.cancelling() or running.cancel()
        )
    with suppress(asyncio.CancelledError):
        await running


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except HomeError as problem:
        sys.exit(str(problem))
