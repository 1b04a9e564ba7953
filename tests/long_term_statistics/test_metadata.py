"""The IDs and names of the statistics, and to which account they belong."""

from homeassistant.components.recorder.models import StatisticMeanType, StatisticMetaData
from homeassistant.components.recorder.statistics import async_add_external_statistics

from simulator.worlds import quiet
from tests.accounts import make_entry
from tests.long_term import at_rest

from .conftest import StatisticsHarness


async def test_names_follow_the_language_and_the_names_of_lines(stats: StatisticsHarness) -> None:
    """Another language renames the statistics at once, another name of a line at the next start."""

    async def assert_names(missed: str, of_line: str) -> None:
        names = await stats.names()
        assert names["odorik:1234567_missed_calls"] == f"Odorik 1234567: {missed}"
        assert names["odorik:1234567_300100_calls"] == of_line
        # Each account has the statistics of all directions, even without calls.
        assert len(names) == 13

    stats.hass.config.language = "cs"
    stats.add_call()
    await stats.set_up()
    await assert_names("zmeškané hovory", "Domov: všechny hovory")
    await stats.hass.config.async_update(language="en")
    await stats.hass.async_block_till_done(wait_background_tasks=True)
    await stats.wait()
    await assert_names("missed calls", "Domov: all calls")
    stats.world.account().lines[300100].name = "Home"
    await stats.reload()
    await assert_names("missed calls", "Home: all calls")
    await stats.unload()
    await stats.hass.config.async_update(language="cs")
    await stats.hass.async_block_till_done(wait_background_tasks=True)


async def test_statistics_without_an_account_are_cleared(stats: StatisticsHarness) -> None:
    """A start clears the statistics of accounts deleted while the integration was missing.

    Removing an account promises that, and nothing else would ever clear them.
    """
    stats.add_call()
    await stats.set_up()
    own = set(await stats.names())
    recorder = stats.recorder
    await stats.unload()
    orphans = {f"odorik:12345_{name}" for name in ("missed_calls", "300100_cost", "outgoing_cost")}
    others = {"odorik:12345_provider_before", "odorik:1234567_measure_of_the_future"}
    for statistic_id in orphans | others:
        metadata = StatisticMetaData(
            mean_type=StatisticMeanType.NONE,
            has_sum=True,
            name=None,
            source="odorik",
            statistic_id=statistic_id,
            unit_class=None,
            unit_of_measurement="CZK",
        )
        async_add_external_statistics(stats.hass, metadata, [])
    await recorder.async_wait()
    assert set(await stats.names()) == own | orphans | others
    await stats.set_up()
    assert set(await stats.names()) == own | others


async def test_two_accounts_have_separate_statistics(stats: StatisticsHarness) -> None:
    """Removing one account, and adding it again, leaves the other's statistics as they are."""
    other = quiet("12345", "other").account()
    stats.world.accounts[other.user] = other
    stats.world.fill(100, days=50)
    stats.world.fill(60, days=40, account=other.user)
    second = make_entry(other.user, other.password)
    second.add_to_hass(stats.hass)
    await stats.set_up()
    await at_rest(second)
    theirs = {key: rows for key, rows in (await stats.read("hour")).items() if ":12345_" in key}
    assert theirs
    await stats.hass.config_entries.async_remove(stats.entry.entry_id)
    await second.runtime_data.statistics_scheduler._importer.recorder.async_wait()
    assert await stats.read("hour") == theirs
    await stats.assert_complete(other.user)
    stats.entry = make_entry(stats.exchange.username, stats.exchange.password)
    await stats.set_up()
    rows = await stats.read("hour")
    assert {key: of_one for key, of_one in rows.items() if key in theirs} == theirs
    incoming = [record for record in stats.world.account().records if record.direction == "in"]
    assert rows["odorik:1234567_incoming_calls"][-1]["sum"] == len(incoming)
