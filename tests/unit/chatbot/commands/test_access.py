"""Who may read what from a chat."""

import pytest

from chatbot.commands.access import Access
from chatbot.messaging import Channel, Person
from workers.errors import WordsError
from workers.permissions import read_people, read_permissions

HERE = Channel(platform="slack", workspace="T1", id="C1")
ELSEWHERE = HERE.model_copy(update={"id": "C2"})
SHARED = HERE.model_copy(update={"is_shared": True})
ACCESS = Access(read_permissions("acme/*@slack:T1:C1 /srv/git/**@slack:T1:C1"), read_people("slack:T1:U1"))


def test_everybody_may_ask_for_what_everybody_may_read():
    assert ACCESS.reach(ELSEWHERE, "python/cpython") == "public"
    assert Access().reach(SHARED, "python/cpython", outsider=True) == "public"


def test_a_rule_opens_private_repositories_in_its_channel_alone():
    assert ACCESS.reach(HERE, "Acme/api") == "all"
    assert ACCESS.reach(ELSEWHERE, "acme/api") == "public"
    assert ACCESS.reach(HERE, "other/api") == "public"


def test_an_administrators_grant_opens_one_repository():
    assert ACCESS.reach(ELSEWHERE, "Other/API", granted=("other/api",)) == "all"
    assert ACCESS.reach(ELSEWHERE, "other/web", granted=("other/api",)) == "public"


def test_outsiders_and_shared_channels_see_public_repositories_only():
    assert ACCESS.reach(HERE, "acme/api", ("acme/api",), outsider=True) == "public"
    assert ACCESS.reach(SHARED, "acme/api", ("acme/api",)) == "public"


def test_a_path_is_read_where_a_rule_says_so():
    assert ACCESS.reach(HERE, "/srv/git/team/a.git") == "all"


@pytest.mark.parametrize(
    ("channel", "path", "outsider"),
    [
        (ELSEWHERE, "/srv/git/a", False),
        (HERE, "/srv/secret", False),
        (HERE, "/srv/git", False),
        (SHARED, "/srv/git/a", False),
        (HERE, "/srv/git/a", True),
    ],
)
def test_a_path_elsewhere_is_told_to_be_no_repository(channel, path, outsider):
    with pytest.raises(WordsError, match="bad_source"):
        ACCESS.reach(channel, path, granted=("/srv/git/a", "/srv/secret"), outsider=outsider)


def test_an_administrator_is_one_in_channels_that_only_ours_read():
    assert ACCESS.is_admin(HERE, Person(id="U1"))
    assert not ACCESS.is_admin(HERE, Person(id="U2"))
    assert not ACCESS.is_admin(SHARED, Person(id="U1"))
    assert not ACCESS.is_admin(HERE, Person(id="U1", is_outsider=True))
    assert not ACCESS.is_admin(HERE.model_copy(update={"workspace": "T2"}), Person(id="U1"))
    assert not ACCESS.is_admin(HERE.model_copy(update={"platform": "feishu"}), Person(id="U1"))


def test_an_id_cannot_pass_for_two_parts_of_a_place():
    strange = Channel(platform="slack", workspace="T2", id="x:T1:C1")
    assert strange.key.count(":") == 2
    assert Access(read_permissions("acme/*@slack:T2:x")).reach(strange, "acme/api") == "public"
