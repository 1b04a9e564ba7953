"""Questions about calls in a real Home Assistant."""

from scripts.exchange import LOGIN, Exchange
from scripts.home import Home

CONFIGURATION = """\
conversation:
automation questions:
  - alias: Questions
    use_blueprint:
      path: odorik/ask_about_calls.yaml
"""
WAITING, LAST = "sensor.odorik_1234567_callers_waiting", "sensor.odorik_1234567_last_call"
JAN, EVA = "00420777123456", "00420602987654"


async def ask(home: Home, question: str, language: str) -> str:
    """Ask Home Assistant's own agent, and return what it says."""
    result = await home.post("conversation/process", text=question, language=language)
    speech: str = result["response"]["speech"]["plain"]["speech"]
    return speech


async def test_questions_are_answered_in_the_newest_home_assistant(
    exchange: Exchange, home: Home
) -> None:
    """The account is added after the automation; answers do not depend on the time of day."""
    assert await ask(home, "Kdo volá?", "cs") == "Žádný účet Odorik není dostupný."
    await home.add("odorik", **LOGIN)
    await exchange.do("dial", to=EVA, answer_after=0, end_after=1)
    await exchange.do("advance", seconds=2)
    await exchange.do("miss", **{"from": JAN})
    await home.act("homeassistant.update_entity", entity_id=[LAST])
    await home.wait_for_state(WAITING, lambda now: now["state"] == "1")
    for question, language, expected in (
        ("Kdo volal?", "cs", "Jan Novák mobil"),
        ("Who called?", "en", "Jan Novák mobil"),
        ("Kdo volá?", "cs", "Nikdo nevolá."),
        ("Komu mám zavolat zpátky?", "cs", "Na zavolání čeká jeden volající: Jan Novák mobil"),
        ("Who should I call back?", "en", "One caller is waiting: Jan Novák mobil"),
        ("Kolik jsme tento měsíc provolali?", "cs", "Tento měsíc hovory"),
        ("How much did we spend on calls this month?", "en", "Calls have cost"),
        ("Kdy jsem naposledy mluvila s Evou?", "cs", "S kontaktem Eva Dvořáková"),
        ("When did I last talk to Eva?", "en", "You last talked to Eva Dvořáková"),
        ("Kdy jsem naposledy mluvila s Janem?", "cs", "nenašel žádný hovor s Janem."),
    ):
        assert expected in await ask(home, question, language)
