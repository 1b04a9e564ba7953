"""Questions about calls, asked of Home Assistant's own conversation agent."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
import re
from textwrap import dedent
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.components import conversation
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Context
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.odorik.api import SpeedDial
from simulator.world import Record
from simulator.worlds import GATE_NUMBER
from tests.accounts import add_account, make_entry, set_up

from .conftest import HOME, JAN, STRANGER, Harness

EVA, GRANDMA = "00420602987654", "00420733555111"
VOICEMAIL = "*08511*1"
QUESTIONS = (
    *("Kdo volal?", "Kdo volá?", "Komu mám zavolat zpátky?", "Kolik jsme tento měsíc provolali?"),
    "Kdy jsem naposledy mluvil s Janem?",
)
UNAVAILABLE = "Údaje z Odoriku teď nejsou k dispozici."
PRAGUE = ZoneInfo("Europe/Prague")

# A Wednesday.
pytestmark = pytest.mark.freeze_time("2026-11-25T15:00:00+01:00")


class Household:
    """A household that asks about its calls."""

    def __init__(self, harness: Harness, account: MockConfigEntry) -> None:
        self.harness = harness
        self.account = account

    async def ask(self, sentence: str, language: str | None = None) -> str:
        """Ask a question, and return what is said in response."""
        result = await conversation.async_converse(
            self.harness.hass, sentence, None, Context(), language=language
        )
        speech: str = result.response.speech["plain"]["speech"]
        return speech

    async def converse(self, conversation: str, language: str | None = None) -> None:
        """Ask the questions of a conversation, and compare the answers, which begin with `- `."""
        pairs = re.findall(r"^(.+)\n- (.+(?:\n  .+)*)", dedent(conversation), re.MULTILINE)
        assert len(pairs) == conversation.count("- ")
        for question, answer in pairs:
            assert await self.ask(question, language) == " ".join(answer.split()), question

    async def expect_unavailable(self, *, except_for: Collection[str] = ()) -> None:
        """Ask all questions, also in English, and expect that they cannot be answered."""
        for question in QUESTIONS:
            if question not in except_for:
                assert await self.ask(question) == UNAVAILABLE, question
        english = "The data from Odorik is not available at the moment."
        assert await self.ask("Who called?") == english

    def add_call(
        self, when: str, number: str, *, is_outgoing: bool = False, **fields: Any
    ) -> Record:
        """Add a call to the history at a local time; it was missed unless it has a length."""
        ours = self.harness.world.account().lines[HOME].public_number
        record = {
            "source_number": ours if is_outgoing else number,
            "destination_number": number if is_outgoing else ours,
            "direction": "out" if is_outgoing else "in",
            "status": "answered" if fields.get("length") else "missed",
            "line": HOME,
        }
        date = datetime.fromisoformat(when).replace(tzinfo=PRAGUE)
        return self.harness.world.add_record(date=date, **record | fields)

    def add_voicemail(self, when: str, number: str) -> None:
        """Add a call that the voicemail answered."""
        parent = self.add_call(when, number, length=30)
        self.add_call(
            when,
            number,
            length=30,
            direction="redirected",
            destination_number=VOICEMAIL,
            redirection_parent_id=parent.id,
        )

    def set_contacts(self, *contacts: SpeedDial) -> None:
        """Replace the contacts of the account."""
        coordinator = self.account.runtime_data.account
        data = coordinator.data
        coordinator.async_set_updated_data(replace(data, speed_dials=contacts))

    async def refresh(self) -> None:
        """Read the history and the cost."""
        await self.account.runtime_data.history.async_refresh()
        await self.account.runtime_data.statistics.async_refresh()
        await self.harness.tick(0)


@pytest.fixture
async def without_automation(harness: Harness, entry: MockConfigEntry) -> Household:
    """A household in Prague with an account and the voice assistant."""
    await harness.hass.config.async_set_time_zone("Europe/Prague")
    for component in ("homeassistant", "conversation"):
        assert await async_setup_component(harness.hass, component, {})
    assert await set_up(harness.hass, entry)
    return Household(harness, entry)


@pytest.fixture
async def household(without_automation: Household) -> Household:
    """The same household with an automation for all of its accounts."""
    await without_automation.harness.add("ask_about_calls")
    return without_automation


@pytest.fixture
async def history(without_automation: Household) -> None:
    """Some calls of the account."""
    household = without_automation
    household.add_call("2026-10-01 16:05", GRANDMA, length=1200, price=10, is_outgoing=True)
    household.add_call("2026-11-20 10:00", EVA, length=20, price=1.25, is_outgoing=True)
    household.add_call("2026-11-20 11:00", STRANGER, length=600, price=11.25, is_outgoing=True)
    household.add_call("2026-11-24 18:20", JAN, length=300)
    household.add_voicemail("2026-11-25 08:00", EVA)
    household.add_call("2026-11-25 09:05", STRANGER)
    household.add_call("2026-11-25 13:00", JAN)
    household.add_call("2026-11-25 14:30", JAN)
    household.add_call("2026-11-25 14:35", "")
    await household.refresh()


@pytest.mark.usefixtures("history")
async def test_a_conversation_in_czech(household: Household) -> None:
    """Each question is answered in Czech, even if the language of Home Assistant is English."""
    conversation = """
        Kdo volal?
        - Dnes 4 volající: skryté číslo ve 14:35, Jan Novák mobil ve 14:30, 602 555 123 v 9:05 a Eva
          Dvořáková v 8:00.
        Komu mám zavolat zpátky?
        - Na zavolání čekají 3 volající: Jan Novák mobil dnes ve 14:30, 602 555 123 dnes v 9:05 a
          Eva Dvořáková dnes v 8:00. Volalo i skryté číslo, tomu zavolat nejde.
        Kdo volá?
        - Nikdo nevolá.
        Kolik jsme tento měsíc provolali?
        - Tento měsíc hovory stály 12,50 koruny.
        Kdy jsem naposledy mluvil s Janem Novákem?
        - S kontaktem Jan Novák mobil jste naposledy mluvili včera v 18:20, 5 minut.
        Kdy jsem naposledy mluvila s Evou?
        - S kontaktem Eva Dvořáková jste naposledy mluvili v pátek v 10:00, necelou minutu.
        Kdy jsme naposledy telefonovali s babičkou?
        - S kontaktem Babička Růžena jste naposledy mluvili 1. října v 16:05, 20 minut.
        Kdy jsem naposledy mluvila se Zdeňkem?
        - Za poslední rok se nenašel žádný hovor se Zdeňkem.
    """
    await household.converse(conversation, "cs")


@pytest.mark.usefixtures("history")
async def test_a_conversation_in_english(household: Household) -> None:
    """Times are those of Home Assistant's time zone."""
    conversation = """
        Who called?
        - 4 callers today: a withheld number at 2:35 PM, Jan Novák mobil at 2:30 PM, 602 555 123 at
          9:05 AM and Eva Dvořáková at 8:00 AM.
        Who should I call back?
        - 3 callers are waiting: Jan Novák mobil today at 2:30 PM, 602 555 123 today at 9:05 AM and
          Eva Dvořáková today at 8:00 AM. A withheld number called, too.
        Who is calling?
        - No one is calling.
        How much did we spend on calls this month?
        - Calls have cost 12.50 Czech crowns this month.
        When did I last talk to Jan?
        - You last talked to Jan Novák mobil yesterday at 6:20 PM, for 5 minutes.
        When did we last speak with Eva?
        - You last talked to Eva Dvořáková on Friday at 10:00 AM, for less than a minute.
        When was the last time I talked to babicka?
        - You last talked to Babička Růžena on October 1 at 4:05 PM, for 20 minutes.
        When did I last talk to Mr. Smith?
        - No call with Mr Smith was found in the last year.
    """
    await household.converse(conversation, "en")


async def test_nothing_to_report(household: Household) -> None:
    """Without any calls, the answers say so."""
    await household.converse("""
        Kdo volal?
        - Dnes nikdo nevolal.
        Who called?
        - No one has called today.
        Komu mám zavolat?
        - Na zavolání nikdo nečeká.
        Do I have any missed calls?
        - No one is waiting to be called back.
        Kolik jsme tento měsíc provolali?
        - Tento měsíc hovory nestály nic.
        How much did we spend on calls this month?
        - Calls have cost nothing this month.
        Kdy jsem naposledy mluvil s Janem?
        - Za poslední rok se nenašel žádný hovor s Janem.
    """)


async def test_no_one_has_called_today(household: Household) -> None:
    """The last caller of the week is named instead."""
    household.add_call("2026-11-24 18:20", JAN, length=300)
    household.add_call("2026-11-25 10:00", EVA, length=60, is_outgoing=True)
    await household.converse("""
        Kdo volal?
        - Dnes nikdo nevolal. Poslední volající: Jan Novák mobil včera v 18:20.
        Who called today?
        - No one has called today. The last caller was Jan Novák mobil yesterday at 6:20 PM.
    """)


async def test_only_withheld_numbers_have_called(household: Household) -> None:
    """Withheld numbers are mentioned, but cannot be called back."""
    household.add_call("2026-11-24 18:20", "")
    household.add_call("2026-11-25 14:35", "")
    await household.refresh()
    await household.converse("""
        Kdo volal?
        - Dnes jeden volající: skryté číslo ve 14:35.
        Who called?
        - One caller today: a withheld number at 2:35 PM.
        Komu mám zavolat?
        - Na zavolání nikdo nečeká. Volalo jen skryté číslo, naposledy dnes ve 14:35.
        Who should I call back?
        - No one is waiting to be called back. Only a withheld number called, most recently today at
          2:35 PM.
    """)


async def test_only_the_latest_of_many_callers_are_listed(household: Household) -> None:
    """Five callers are listed, and the others are counted."""
    for minute in range(7):
        household.add_call(f"2026-11-25 13:1{minute}", f"0042060255512{minute}")
    await household.refresh()
    listed = await household.ask("Kdo volal?")
    assert listed.startswith("Dnes 7 volajících: 602 555 126 ve 13:16, ")
    assert listed.endswith(", 602 555 122 ve 13:12 a 2 další.")
    waiting = await household.ask("Who should I call back?")
    assert waiting.startswith("7 callers are waiting: 602 555 126 today at 1:16 PM, ")
    assert waiting.endswith(", 602 555 122 today at 1:12 PM and 2 more.")


async def test_callers_while_the_telephone_rings(household: Household) -> None:
    """Callers are listed; outgoing calls are not."""
    world = household.harness.world
    world.dial(EVA, line=HOME)
    # A ring at a gate is not for the household.
    await household.harness.add_gate("Branka", GATE_NUMBER, "Jan Novák mobil")
    world.ring(EVA, GATE_NUMBER)
    await household.account.runtime_data.active.async_refresh()
    assert await household.ask("Kdo volá?") == "Nikdo nevolá."
    world.ring(JAN)
    await household.account.runtime_data.active.async_refresh()
    assert await household.ask("Kdo volá?") == "Volá Jan Novák mobil."
    assert await household.ask("Who's calling?") == "Jan Novák mobil is calling."
    world.ring("")
    await household.account.runtime_data.active.async_refresh()
    assert "skryté číslo" in await household.ask("Kdo to volá?")
    assert "are calling" in await household.ask("Who is calling me?")


async def test_a_question_about_the_cost_asks_the_operator_nothing(household: Household) -> None:
    """Nor do questions about active calls and callers to call back cause a request."""
    household.harness.exchange.journal.clear()
    for question in QUESTIONS[1:4]:
        await household.ask(question)
    assert household.harness.exchange.journal == []


async def test_the_cost_of_the_last_month_is_not_that_of_this_month(household: Household) -> None:
    """Until the operator has returned the cost of the new month, it is not known."""
    household.add_call("2026-11-25 10:00", EVA, length=60, price=3, is_outgoing=True)
    await household.refresh()
    question = "Kolik jsme tento měsíc provolali?"
    assert await household.ask(question) == "Tento měsíc hovory stály 3 koruny."
    household.harness.freezer.move_to("2026-12-01T00:00:01+01:00")
    assert await household.ask(question) == UNAVAILABLE


NAMES = {
    "Janem": "Jan",
    "Janou": "Jana",
    "Markem Vlčkem": "Marek Vlček",
    "Pavlem": "Pavel Němec",
    "němcem": "Pavel Němec",
    "Lucií": "Lucie",
    "paní Lucií": None,
    "Jiřím": "MUDr. Jiří Černý",
    "doktorem": None,
    "černým": "MUDr. Jiří Černý",
    "mojí mámou": "Máma",
    "rodiči": "Rodiče",
    "Svobodou": "Karel Svoboda",
    "JAN": "Jan",
    "Ja": None,
    "123": None,
    "a": None,
}
"""The contacts that are found for spoken names."""


async def test_names_are_found_in_the_instrumental_case(
    household: Household, subtests: pytest.Subtests
) -> None:
    """Whole words are compared, so that a question about Jan is not answered for Jana."""
    names = dict.fromkeys(name for name in NAMES.values() if name)
    contacts = [
        SpeedDial(number=f"0042060100000{place}", name=name) for place, name in enumerate(names)
    ]
    household.set_contacts(*contacts)
    for place, contact in enumerate(contacts):
        household.add_call(f"2026-11-24 1{place}:00", contact.number, length=600)
    for spoken, name in NAMES.items():
        with subtests.test(spoken=spoken):
            answer = await household.ask(f"Kdy jsem naposledy mluvil s {spoken}?")
            if name:
                assert answer.startswith(f"S kontaktem {name} jste naposledy mluvili včera v")
            else:
                assert answer.startswith("Za poslední rok se nenašel žádný hovor")


async def test_the_latest_of_several_numbers_is_found(household: Household) -> None:
    """Missed calls, voicemail and the calls of other contacts do not count."""
    household.set_contacts(
        SpeedDial(number=JAN, name="Jan Novák mobil"),
        SpeedDial(number=STRANGER, name="Jan Novák práce"),
        SpeedDial(number=EVA, name="Eva"),
    )
    household.add_call("2026-11-20 10:00", JAN, length=60)
    household.add_call("2026-11-23 10:00", STRANGER, length=120, is_outgoing=True)
    household.add_call("2026-11-24 10:00", EVA, length=60)
    household.add_call("2026-11-24 11:00", JAN)
    household.add_voicemail("2026-11-24 12:00", JAN)
    assert await household.ask("Kdy jsem naposledy mluvil s Janem?") == (
        "S kontaktem Jan Novák práce jste naposledy mluvili v pondělí v 10:00, 2 minuty."
    )


async def test_a_call_answered_on_another_telephone_is_a_conversation(
    household: Household,
) -> None:
    """The call counts as answered, although the caller's own record says that it was missed."""
    parent = household.add_call("2026-11-24 10:00", JAN)
    household.add_call(
        "2026-11-24 10:00",
        JAN,
        length=60,
        direction="redirected",
        destination_number=STRANGER,
        redirection_parent_id=parent.id,
    )
    answer = await household.ask("When did I last talk to Jan?")
    assert answer.endswith("Jan Novák mobil yesterday at 10:00 AM, for about a minute.")


async def test_a_busy_account_is_searched_with_few_requests(household: Household) -> None:
    """The answer says how far back it goes."""
    for day in range(1, 25):
        for minute in range(20):
            household.add_call(f"2026-11-{day:02} 10:{minute:02}", STRANGER, length=60)
    household.add_call("2026-08-28 10:00", JAN, length=60)
    household.add_call("2026-05-01 10:00", EVA, length=60)
    exchange = household.harness.exchange
    exchange.journal.clear()
    assert "28. srpna" in await household.ask("Kdy jsem naposledy mluvil s Janem?")
    assert len(exchange.requests("/calls.json")) == 2
    assert await household.ask("When did I last talk to Eva?") == (
        "No call with Eva was found in the last 125 days."
    )
    assert len(exchange.requests("/calls.json")) == 4


async def test_a_very_busy_account_is_searched_for_a_few_days(household: Household) -> None:
    """The answer counts the days, down to a part of today."""
    household.add_call("2026-11-18 10:00", STRANGER, length=60)
    for call in range(1999):
        household.add_call(f"2026-11-25 1{call % 5}:00", STRANGER, length=60)
    for day, czech, english in (
        # The 2,000th call back is that of this day; each pass adds a later one.
        (None, "Za posledních 6 dní", "in the last 6 days"),
        (20, "Za poslední 4 dny", "in the last 4 days"),
        (22, "Za poslední 2 dny", "in the last 2 days"),
        (23, "Za poslední den", "in the last day"),
        (24, "Dnes", "today"),
        (25, "Dnes", "today"),
    ):
        if day:
            household.add_call(f"2026-11-{day} 09:00", STRANGER, length=60)
        await household.converse(f"""
            Kdy jsem naposledy mluvil s Janem?
            - {czech} se nenašel žádný hovor s Janem.
            When did I last talk to Jan?
            - No call with Jan was found {english}.
        """)


@pytest.fixture
async def second(without_automation: Household) -> MockConfigEntry:
    """A second account, with a missed call and a cost of its own."""
    household = without_automation
    account = add_account(household.harness.exchange)
    entry = make_entry(account.user, account.password)
    household.add_call("2026-11-25 12:00", EVA, account=account.user)
    household.add_call(
        "2026-11-24 12:00", JAN, account=account.user, length=600, price=2, is_outgoing=True
    )
    assert await set_up(household.harness.hass, entry)
    return entry


@pytest.mark.usefixtures("history", "second")
async def test_several_accounts(household: Household) -> None:
    """One answer is about all accounts."""
    assert await household.ask("Kdo volal?") == (
        "Dnes 4 volající: skryté číslo ve 14:35, Jan Novák mobil ve 14:30, Eva Dvořáková ve 12:00 "
        "a 602 555 123 v 9:05."
    )
    assert (await household.ask("Who should I call back?")).startswith("3 callers are waiting:")
    assert "14,50 koruny" in await household.ask("Kolik jsme tento měsíc provolali?")
    assert "včera v 18:20" in await household.ask("Kdy jsem naposledy mluvil s Janem?")


@pytest.mark.usefixtures("history")
async def test_one_of_several_accounts(
    without_automation: Household, second: MockConfigEntry
) -> None:
    """An automation can be limited to one account."""
    household = without_automation
    await household.harness.add("ask_about_calls", account=second.entry_id)
    assert await household.ask("Kdo volal?") == "Dnes jeden volající: Eva Dvořáková ve 12:00."
    assert "12:00 PM" in await household.ask("Who should I call back?")
    assert "2 koruny" in await household.ask("Kolik jsme tento měsíc provolali?")
    assert "včera ve 12:00" in await household.ask("Kdy jsem naposledy mluvil s Janem?")
    await household.harness.hass.config_entries.async_unload(second.entry_id)
    await household.expect_unavailable()


@pytest.mark.usefixtures("history")
async def test_an_account_that_is_not_loaded(household: Household, second: MockConfigEntry) -> None:
    """The other account is read, and the answer says which one is missing."""
    await household.harness.hass.config_entries.async_unload(household.account.entry_id)
    title = household.account.title
    missing = f"Účet {title} teď není dostupný."
    assert second.state is ConfigEntryState.LOADED
    await household.converse(f"""
        Kdo volal?
        - Dnes jeden volající: Eva Dvořáková ve 12:00. {missing}
        Kdo volá?
        - Nikdo nevolá. {missing}
        Komu mám zavolat zpátky?
        - Na zavolání čeká jeden volající: Eva Dvořáková dnes ve 12:00. {missing}
        Kolik jsme tento měsíc provolali?
        - Tento měsíc hovory stály 2 koruny. {missing}
        Kdy jsem naposledy mluvil s Janem?
        - S kontaktem Jan Novák mobil jste naposledy mluvili včera ve 12:00, 10 minut. {missing}
        Who is calling?
        - No one is calling. The account {title} is not available at the moment.
    """)


async def test_the_operator_is_unreachable(household: Household) -> None:
    """Only the callers to call back are still known."""
    household.add_call("2026-11-25 14:30", JAN)
    await household.refresh()
    household.harness.exchange.fail("503", times=0)
    await household.refresh()
    await household.account.runtime_data.active.async_refresh()
    known = "Komu mám zavolat zpátky?"
    await household.expect_unavailable(except_for=[known])
    assert "Jan Novák mobil" in await household.ask(known)


async def test_without_an_account(household: Household) -> None:
    """The answer says that there is no account; the automation remains when it is removed."""
    hass = household.harness.hass
    await hass.config_entries.async_remove(household.account.entry_id)
    await hass.async_block_till_done()
    assert await household.ask("Kdo volal?") == "Žádný účet Odorik není dostupný."
    assert await household.ask("Who called?") == "No Odorik account is available."
