"""Statistic IDs, names and units of an account's long-term statistics."""

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
from ..calls.hourly_totals import DIRECTION_KEYS, SUMMED_METRICS, Metric, Series
from ..const import CURRENCY, DOMAIN

_UNITS: Final[dict[Metric, tuple[str | None, str]]] = {
    Metric.CALLS: (None, "calls"),
    Metric.MISSED: (None, "calls"),
    Metric.DURATION: (DurationConverter.UNIT_CLASS, UnitOfTime.MINUTES),
    Metric.COST: (None, CURRENCY),
}
"""The unit class, if the unit can be converted, and the unit. Without a unit, Home Assistant would
offer to show a number of calls as a percentage."""
_KEY: Final = re.compile(
    rf"(?:(?P<direction>{'|'.join(DIRECTION_KEYS.values())})_|(?P<line>\d+)_)"
    rf"(?P<metric>{'|'.join(SUMMED_METRICS)})|(?P<missed>{Metric.MISSED})"
)
_OWN_ID: Final = re.compile(rf"{DOMAIN}:\d+_(?:{_KEY.pattern})")
_DIRECTIONS: Final[dict[str | None, Direction]] = {
    key: direction for direction, key in DIRECTION_KEYS.items()
}


def find_orphans(hass: HomeAssistant, entries: Iterable[ConfigEntry[Any]]) -> list[str]:
    """Return the IDs of our statistics that belong to no account; blocks on the database.

    Statistics that users imported under other names are not returned.
    """
    owned = tuple(f"{DOMAIN}:{slugify(str(entry.unique_id))}_" for entry in entries)
    return [
        statistic_id
        for statistic_id in get_metadata(hass, statistic_source=DOMAIN)
        if _OWN_ID.fullmatch(statistic_id) and not statistic_id.startswith(owned)
    ]


class StatisticsMetadata:
    """Converts between an account's series and the recorder's metadata."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        self._hass = hass
        self._entry = entry
        self._user = slugify(str(entry.unique_id))
        self._texts: dict[str, str] = {}

    def id_of(self, series: Series) -> str:
        """Return the statistic ID of a series."""
        return f"{DOMAIN}:{series.id_of(self._user)}"

    def series_of(self, statistic_id: str) -> Series | None:
        """Return the series of a statistic ID; None if it belongs to another account."""
        prefix = f"{DOMAIN}:{self._user}_"
        found = _KEY.fullmatch(statistic_id.removeprefix(prefix))
        if found is None or not statistic_id.startswith(prefix):
            return None
        return Series(
            Metric(found["metric"] or found["missed"]),
            _DIRECTIONS.get(found["direction"]),
            int(found["line"]) if found["line"] else None,
        )

    def existing(self) -> dict[Series, StatisticMetaData]:
        """Return the account's series in the database; blocks on the database."""
        stored = get_metadata(self._hass, statistic_source=DOMAIN)
        return {
            series: metadata
            for statistic_id, (_, metadata) in stored.items()
            if (series := self.series_of(statistic_id)) is not None
        }

    async def async_load_names(self) -> None:
        """Load the texts of the names in Home Assistant's current language."""
        self._texts = {}
        for category in ("common", "device"):
            self._texts |= await async_get_translations(
                self._hass, self._hass.config.language, category, {DOMAIN}
            )

    def describe(
        self, all_series: Iterable[Series], directory: Directory
    ) -> dict[Series, StatisticMetaData]:
        """Return the metadata of series, with the current names of the lines."""
        described = {}
        for series in all_series:
            unit_class, unit = _UNITS[series.metric]
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
        """Return the name of a series, which begins with the account or the line."""
        if series.line is None:
            owner = self._entry.title
        elif (name := directory.line_name(series.line)) is not None:
            owner = name
        else:
            owner = self._localize("device.line.name", number=series.line)
        return self._localize(f"common.statistics_{series.key}", owner=owner)

    def _localize(self, key: str, **placeholders: object) -> str:
        return self._texts[f"component.{DOMAIN}.{key}"].format(**placeholders)
