"""Selectors that several forms use."""

from collections.abc import Iterable, Mapping
from typing import Final

from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

PHONE_NUMBER: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.TEL))


def suggestions(
    texts: Iterable[str] | Mapping[str, str], *, multiple: bool = False
) -> SelectSelector:
    """Return a selector that suggests texts, or texts with labels, and accepts others, too."""
    options: list[str] | list[SelectOptionDict]
    if isinstance(texts, Mapping):
        options = [SelectOptionDict(value=it, label=label) for it, label in texts.items()]
    else:
        options = list(dict.fromkeys(texts))
    return SelectSelector(
        SelectSelectorConfig(
            options=options,
            custom_value=True,
            multiple=multiple,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )
