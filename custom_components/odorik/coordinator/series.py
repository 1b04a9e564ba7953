"""The long-term statistics of an account, by the ids and names that the recorder has them by."""

from collections.abc import Iterable
import re
from typing import Any, Final

from homeassistant.components.recorder.models import StatisticMeanType, StatisticMetaData
from homeassistant.components.recorder.statistics import get_metadata
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import slugify
from homeassistant.util.unit_conversion import DurationConverter

from ..api import Direction
from ..calls.directory import Directory
from ..calls.hours import SUMMED, WORDS, Measure, Series
from ..const import CURRENCY, DOMAIN

_UNITS: Final[dict[Measure, tuple[str | None, str]]] = {
    Measure.CALLS: (None, "calls"),
    Measure.MISSED: (None, "calls"),
    Measure.DURATION: (DurationConverter.UNIT_CLASS, UnitOfTime.MINUTES),
    Measure.COST: (None, CURRENCY),
}
"""The class of each unit, if it can be converted, and the unit. The number of something is no unit
to Home Assistant, which would offer to show it as a percentage: so calls are the unit."""
_KEY: Final = re.compile(
    rf"(?:(?P<direction>{'|'.join(WORDS.values())})_|(?P<line>\d+)_)"
    rf"(?P<measure>{'|'.join(SUMMED)})|(?P<missed>{Measure.MISSED})"
)
_OF_ACCOUNT: Final = re.compile(rf"{DOMAIN}:\d+_(?:{_KEY.pattern})")
_DIRECTIONS: Final[dict[str | None, Direction]] = {word: it for it, word in WORDS.items()}


def orphans(hass: HomeAssistant, entries: Iterable[ConfigEntry[Any]]) -> list[str]:
    """List the statistics that belong to none of the accounts; not for the event loop.

    What users have imported under other names is not listed.
    """
    owned = tuple(f"{DOMAIN}:{slugify(str(entry.unique_id))}_" for entry in entries)
    return [
        statistic_id
        for statistic_id in get_metadata(hass, statistic_source=DOMAIN)
        if _OF_ACCOUNT.fullmatch(statistic_id) and not statistic_id.startswith(owned)
    ]


class Catalogue:
    """Knows the statistics of one account from those of others."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        """Know those of an account."""
        self._hass = hass
        self._entry = entry
        self._user = slugify(str(entry.unique_id))
        self._texts: dict[str, str] = {}

    def id_of(self, series: Series) -> str:
        """Tell the id that the recorder knows a series by."""
        return f"{DOMAIN}:{series.id_of(self._user)}"

    def series_of(self, statistic_id: str) -> Series | None:
        """Tell the series of an id; None where it is another account's."""
        prefix = f"{DOMAIN}:{self._user}_"
        found = _KEY.fullmatch(statistic_id.removeprefix(prefix))
        if found is None or not statistic_id.startswith(prefix):
            return None
        return Series(
            Measure(found["measure"] or found["missed"]),
            _DIRECTIONS.get(found["direction"]),
            int(found["line"]) if found["line"] else None,
        )

    def known(self) -> dict[Series, StatisticMetaData]:
        """List the series that the recorder has; not for the event loop."""
        held = get_metadata(self._hass, statistic_source=DOMAIN)
        return {
            series: metadata
            for statistic_id, (_, metadata) in held.items()
            if (series := self.series_of(statistic_id)) is not None
        }

    async def load_names(self) -> None:
        """Read the words for the names, in Home Assistant's language of now."""
        self._texts = {}
        for category in ("common", "device"):
            self._texts |= await async_get_translations(
                self._hass, self._hass.config.language, category, {DOMAIN}
            )

    def metadata(
        self, all_series: Iterable[Series], directory: Directory
    ) -> dict[Series, StatisticMetaData]:
        """Describe series; a line is called what its owner calls it now."""
        described = {}
        for series in all_series:
            unit_class, unit = _UNITS[series.measure]
            described[series] = StatisticMetaData(
                mean_type=StatisticMeanType.NONE,
                has_sum=True,
                name=self._name(series, directory),
                source=DOMAIN,
                statistic_id=self.id_of(series),
                unit_class=unit_class,
                unit_of_measurement=unit,
            )
        return described

    def _name(self, series: Series, directory: Directory) -> str:
        """Name a series: whose it is, and what."""
        if series.line is None:
            owner = self._entry.title
        elif (name := directory.line_name(series.line)) is not None:
            owner = name
        else:
            owner = self._say("device.line.name", number=series.line)
        return self._say(f"common.statistics_{series.key}", owner=owner)

    def _say(self, key: str, **filled: object) -> str:
        return self._texts[f"component.{DOMAIN}.{key}"].format(**filled)
