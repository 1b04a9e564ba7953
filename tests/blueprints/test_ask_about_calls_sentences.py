"""The sentences of the blueprint that answers questions about calls."""

from collections.abc import Iterable
from functools import cache
from itertools import islice
from typing import Any

from hassil import Intents, recognize_all
from hassil.intents import SlotList, TextSlotList
from hassil.parse_expression import parse_sentence
from hassil.sample import sample_sentence
from home_assistant_intents import get_intents
from homeassistant.util.yaml import load_yaml_dict
import pytest

from .conftest import FOLDER, ROOT

CONTACTS = ("Jan", "mom", "the doctor", "Evou Dvořákovou")
SAMPLES = 30
"""Samples of each built-in sentence."""

BUILT_IN_NAMES: dict[str, SlotList] = {
    "name": TextSlotList.from_strings(["lamp", "phone", "telefon", "máma"]),
    "area": TextSlotList.from_strings(["kitchen", "kuchyň"]),
    "floor": TextSlotList.from_strings(["first floor", "přízemí"]),
    # The built-in "who is {zone}" accepts any text, so also "who is calling".
    "zone": TextSlotList.from_strings(["home", "work", "doma", "v práci"]),
}


@cache
def triggers() -> dict[str, list[str]]:
    """Return the sentence templates of the blueprint by the ID of their trigger."""
    blueprint: dict[str, Any] = load_yaml_dict(str(ROOT / FOLDER / "ask_about_calls.yaml"))
    return {trigger["id"]: trigger["command"] for trigger in blueprint["triggers"]}


@cache
def ours() -> Intents:
    """Return the sentences of the blueprint, as Home Assistant compiles them."""
    intents = {key: {"data": [{"sentences": commands}]} for key, commands in triggers().items()}
    lists = {"contact": {"wildcard": True}}
    return Intents.from_dict({"language": "en", "intents": intents, "lists": lists})


@cache
def built_in(language: str) -> Intents:
    """Return Home Assistant's own sentences."""
    intents = get_intents(language)
    assert intents
    return Intents.from_dict(intents)


def matches(sentence: str) -> set[str]:
    """Return the IDs of the triggers that a sentence matches."""
    return {result.intent.name for result in recognize_all(sentence, ours())}


def questions(trigger: str) -> Iterable[str]:
    """Return all sentences that match a trigger, with a few names."""
    names: dict[str, SlotList] = {"contact": TextSlotList.from_strings(CONTACTS)}
    for command in triggers()[trigger]:
        yield from sample_sentence(parse_sentence(command), names)


def built_in_sentences(language: str) -> Iterable[str]:
    """Return samples of all of Home Assistant's sentences."""
    intents = built_in(language)
    lists = {**intents.slot_lists, **BUILT_IN_NAMES}
    for intent in intents.intents.values():
        for data in intent.data:
            rules = {**intents.expansion_rules, **data.expansion_rules}
            known = {**lists, **data.slot_lists}
            for sentence in data.sentences:
                yield from islice(
                    sample_sentence(sentence, known, rules, language=language, expand_ranges=False),
                    SAMPLES,
                )


@pytest.mark.parametrize("trigger", triggers())
def test_each_question_matches_one_trigger(trigger: str) -> None:
    """No question matches two triggers. Otherwise, two answers would compete."""
    for question in questions(trigger):
        assert matches(question) == {trigger}, question


@pytest.mark.parametrize("language", ["en", "cs"])
def test_no_question_is_a_built_in_sentence(language: str) -> None:
    """The questions differ from Home Assistant's own sentences, which they would replace."""
    for trigger in triggers():
        for question in questions(trigger):
            found = [
                (result.intent.name, result.intent_sentence)
                for result in recognize_all(
                    question, built_in(language), slot_lists=BUILT_IN_NAMES, language=language
                )
            ]
            assert not found, question


@pytest.mark.parametrize("language", ["en", "cs"])
def test_no_built_in_sentence_matches_a_trigger(language: str) -> None:
    """Home Assistant still understands what it understood before."""
    count = 0
    for sentence in built_in_sentences(language):
        count += 1
        assert not matches(sentence), sentence
    assert count > 1000


@pytest.mark.parametrize(
    "sentence",
    [
        *("zavolej mámě", "zavolej zpátky", "zavolej Janovi zpátky", "mluv s mámou"),
        *("kdo je doma", "kdo zvonil", "kdo zvoní", "kdo volal záchranku"),
        *("kdy přijde Jan", "kdy jsem naposledy zaléval"),
        *("kolik je hodin", "kolik jsme tento měsíc spotřebovali elektřiny"),
        *("call mom", "call back", "call me back", "talk to mom"),
        *("who is home", "who is at the door", "who called the lift"),
        *("when did I last water the plants", "when did it last rain"),
        *("how much did we spend on electricity this month", "do I have any messages"),
    ],
)
def test_similar_sentences_match_no_trigger(sentence: str) -> None:
    """Commands, and questions about something else, are left to others."""
    assert not matches(sentence)
