"""What a channel has set for itself."""

from redis import Redis

from workers.store import keys
from workers.store.channels import ChannelSettings, ChannelStore

CHANNEL = "slack:T1:C1"


def test_a_channel_that_never_set_anything_has_nothing_set(redis: Redis) -> None:
    assert ChannelStore(redis).get(CHANNEL) == ChannelSettings()


def test_what_is_not_given_stays_as_it_is(redis: Redis) -> None:
    store = ChannelStore(redis)
    store.put(CHANNEL, language="zh")
    store.put(CHANNEL, timezone="Asia/Shanghai")
    store.put(CHANNEL)
    assert store.get(CHANNEL) == ChannelSettings(language="zh", timezone="Asia/Shanghai")


def test_channels_do_not_share_settings(redis: Redis) -> None:
    store = ChannelStore(redis)
    store.put(CHANNEL, language="zh")
    assert store.get("slack:T1:C2") == ChannelSettings()


def test_grants_are_kept_in_any_case_and_taken_back_once(redis: Redis) -> None:
    store = ChannelStore(redis)
    store.grant(CHANNEL, "Acme/Web", by="U1")
    store.grant(CHANNEL, "acme/api", by="U1")
    assert store.get(CHANNEL).repositories == ("acme/api", "acme/web")
    assert store.revoke(CHANNEL, "ACME/web")
    assert not store.revoke(CHANNEL, "acme/web")
    assert store.get(CHANNEL).repositories == ("acme/api",)


def test_a_deleted_channel_has_nothing_set(redis: Redis) -> None:
    store = ChannelStore(redis)
    store.put(CHANNEL, language="zh")
    store.grant(CHANNEL, "acme/api", by="U1")
    store.delete(CHANNEL)
    assert store.get(CHANNEL) == ChannelSettings()
    assert redis.keys() == []


def test_what_another_version_wrote_counts_as_not_set_but_grants_hold(redis: Redis) -> None:
    redis.hset(keys.channel(CHANNEL), mapping={"language": "fr", "repository:acme/api": "U1", "colour": "red"})
    assert ChannelStore(redis).get(CHANNEL) == ChannelSettings(repositories=("acme/api",))
