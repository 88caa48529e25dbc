"""Text -> Command: the words of INTERFACE, and what people really type instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.commands.command import (
    COMMANDS,
    CommitCommand,
    DigestCommand,
    HelpCommand,
    NumberedCommand,
    Options,
    PermissionCommand,
    PlainCommand,
    Schedule,
    SettingsCommand,
    SubscribeCommand,
    canonical,
)
from chatbot.commands.grammar import parse
from workers.cadence import WEEKDAYS
from workers.errors import WordsError
from workers.model import Tier
from workers.words import LANGUAGES, load_words

SHA = "0123456789abcdef0123456789abcdef01234567"


def said(text: str) -> str:
    return canonical(parse(text))


# --- the words of INTERFACE ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("owner/repo", DigestCommand(repository="owner/repo")),
        ("owner/repo today", DigestCommand(repository="owner/repo", window="today")),
        ("owner/repo 2026-02-21", DigestCommand(repository="owner/repo", window="2026-02-21")),
        (
            "owner/repo 2026-02-01..2026-02-21",
            DigestCommand(repository="owner/repo", window="2026-02-01..2026-02-21"),
        ),
        ("owner/repo 7d", DigestCommand(repository="owner/repo", window="7d")),
        ("owner/repo v1.0..v1.1", DigestCommand(repository="owner/repo", window="v1.0..v1.1")),
        ("owner/repo v1.0..", DigestCommand(repository="owner/repo", window="v1.0..HEAD")),
        ("owner/repo HEAD~2..HEAD", DigestCommand(repository="owner/repo", window="HEAD~2..HEAD")),
        ("owner/repo v1.0^..v1.1~3", DigestCommand(repository="owner/repo", window="v1.0^..v1.1~3")),
        ("owner/repo main@{1}..@", DigestCommand(repository="owner/repo", window="main@{1}..@")),
        (
            "owner/repo branch=main branch=next path=src/** path=docs lang=zh tier=medium",
            DigestCommand(
                repository="owner/repo",
                options=Options(branches=("main", "next"), paths=("src/**", "docs"), language="zh", tier=Tier.MEDIUM),
            ),
        ),
        (f"commit owner/repo@{SHA}", CommitCommand(repository="owner/repo", sha=SHA)),
        ("list", PlainCommand(name="list")),
        ("status", PlainCommand(name="status")),
        ("help", HelpCommand()),
        ("", HelpCommand()),
        ("help subscribe", HelpCommand(topic="subscribe")),
        ("settings", SettingsCommand()),
        ("settings lang=zh timezone=Asia/Shanghai", SettingsCommand(language="zh", timezone="Asia/Shanghai")),
        ("allow owner/repo", PermissionCommand(name="allow", repository="owner/repo")),
        ("disallow owner/repo", PermissionCommand(name="disallow", repository="owner/repo")),
        *((f"{name} 3", NumberedCommand(name=name, number=3)) for name in ("show", "pause", "resume", "run")),
        ("unsubscribe 12", NumberedCommand(name="unsubscribe", number=12)),
    ],
)
def test_a_command_of_the_interface_is_understood(text, command):
    assert parse(text) == command


@pytest.mark.parametrize(
    ("text", "schedule", "cron"),
    [
        ("daily 09:00", Schedule(rhythm="daily", clock="09:00"), "0 9 * * *"),
        ("09:00", Schedule(rhythm="daily", clock="09:00"), "0 9 * * *"),
        ("weekdays 17:30", Schedule(rhythm="weekdays", clock="17:30"), "30 17 * * 1-5"),
        ("weekly mon 08:05", Schedule(rhythm="weekly", weekday="mon", clock="08:05"), "5 8 * * 1"),
        ("weekly sun 00:00", Schedule(rhythm="weekly", weekday="sun", clock="00:00"), "0 0 * * 7"),
        (
            'cron "0 9 * * 1-5" Asia/Shanghai',
            Schedule(rhythm="cron", expression="0 9 * * 1-5", timezone="Asia/Shanghai"),
            "0 9 * * 1-5",
        ),
        (
            "daily 09:00 America/New_York",
            Schedule(rhythm="daily", clock="09:00", timezone="America/New_York"),
            "0 9 * * *",
        ),
    ],
)
def test_a_schedule_of_the_interface_is_understood(text, schedule, cron):
    command = parse(f"subscribe owner/repo {text} lang=en quiet")
    assert command == SubscribeCommand(
        repository="owner/repo", schedule=schedule, options=Options(language="en"), quiet=True
    )
    cadence = command.schedule.cadence("Asia/Tokyo")
    assert cadence.cron == cron
    assert cadence.timezone == (schedule.timezone or "Asia/Tokyo")


# --- what people type ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/digest owner/repo", "owner/repo"),
        ("/digest", "help"),
        ("digest", "help"),
        ("/Digest  digest\n owner/repo   YESTERDAY ", "owner/repo yesterday"),
        ("/digest digest help", "help"),
        ("/help", "help"),
        ("--help", "help"),
        ("?", "help"),
        ("HELP!", "help"),
        ("`owner/repo` `7d`", "owner/repo 7d"),
        ("owner/repo.", "owner/repo"),
        ("owner/repo, yesterday;", "owner/repo yesterday"),
        ("yesterday owner/repo", "owner/repo yesterday"),
        ("owner/repo/ 7 days".replace("7 days", "7days"), "owner/repo 7d"),
        ("owner/repo 2w", "owner/repo 14d"),
        ("owner/repo 2026/2/1", "owner/repo 2026-02-01"),
        ("owner/repo 2026-02-01 to 2026-02-21", "owner/repo 2026-02-01..2026-02-21"),
        ("owner/repo 2026-02-01~2026-02-21", "owner/repo 2026-02-01..2026-02-21"),
        ("owner/repo 2026-02-01 .. today", "owner/repo 2026-02-01..today"),
        ("owner/repo feature/a..feature/b", "owner/repo feature/a..feature/b"),
        ("owner/repo lang = zh", "owner/repo lang=zh"),
        ("owner/repo lang= zh", "owner/repo lang=zh"),
        ("owner/repo lang =zh", "owner/repo lang=zh"),
        ("owner/repo LANG:Chinese", "owner/repo lang=zh"),
        ("owner/repo --branch main --language=en", "owner/repo branch=main lang=en"),
        ("owner/repo —branch main", "owner/repo branch=main"),
        ("owner/repo path='a b/c' path=“d e”", 'owner/repo path="a b/c" path="d e"'),
        ('owner/repo path="a \\"b\\" \\\\ c"', 'owner/repo path="a \\"b\\" \\\\ c"'),
        ("owner/repo lang=zh lang=zh", "owner/repo lang=zh"),
        ("branch=main owner/repo", "owner/repo branch=main"),
        ("digest for owner/repo of yesterday please", "owner/repo yesterday"),
        ("pause #3", "pause 3"),
        ("remove 3", "unsubscribe 3"),
        ("unsub 3", "unsubscribe 3"),
        ("\u200bowner/repo\u00a07d\ufeff", "owner/repo 7d"),
        ("subscribe owner/repo every day at 9am", "subscribe owner/repo daily 09:00"),
        ("subscribe owner/repo on monday 9:30pm", "subscribe owner/repo weekly mon 21:30"),
        ("subscribe owner/repo 12am utc", "subscribe owner/repo daily 00:00 UTC"),
        ("subscribe owner/repo cron 0 9 * * 1-5 utc", 'subscribe owner/repo cron "0 9 * * 1-5" UTC'),
        ("subscribe owner/repo 09:00 timezone=asia/tokyo", "subscribe owner/repo daily 09:00 Asia/Tokyo"),
        ("Subscribe Owner/Repo DAILY 9:00 Quiet", "subscribe Owner/Repo daily 09:00 quiet"),
        ("/srv/git/repo.git today", "/srv/git/repo.git today"),
        ("//srv/git//x/ 7d", "/srv/git/x 7d"),
    ],
)
def test_what_people_type_means_the_same(text, meant):
    assert said(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("owner/repo 昨天", "owner/repo yesterday"),
        ("owner/repo昨天", "owner/repo yesterday"),
        ("日报 owner/repo 今天。", "owner/repo today"),
        ("owner/repo 最近7天", "owner/repo 7d"),
        ("owner/repo 2026年2月1日到2026年2月21日", "owner/repo 2026-02-01..2026-02-21"),
        ("owner/repo 2026-02-01 至 昨天", "owner/repo 2026-02-01..yesterday"),
        ("owner/repo v1.0。。v1.1", "owner/repo v1.0..v1.1"),
        ("ｏｗｎｅｒ／ｒｅｐｏ　７ｄ", "owner/repo 7d"),
        ("owner/repo，语言＝中文，分支：main，级别=高", "owner/repo branch=main lang=zh tier=high"),
        ("提交 owner/repo abcdef1", "commit owner/repo@abcdef1"),
        ("订阅 owner/repo 每天 09：00", "subscribe owner/repo daily 09:00"),
        ("订阅owner/repo每天 9点", "subscribe owner/repo daily 09:00"),
        ("订阅 owner/repo 每周一9点半，北京时间", "subscribe owner/repo weekly mon 09:30 Asia/Shanghai"),
        ("订阅 owner/repo 工作日下午5点30分 安静", "subscribe owner/repo weekdays 17:30 quiet"),
        ("订阅 owner/repo 星期天 09:00", "subscribe owner/repo weekly sun 09:00"),
        ("订阅 owner/repo cron “0 9 * * 1,3”", 'subscribe owner/repo cron "0 9 * * 1,3"'),
        ("列表", "list"),
        ("订阅列表", "list"),
        ("查看 １", "show 1"),
        ("暂停1", "pause 1"),
        ("恢复 1", "resume 1"),
        ("退订 1", "unsubscribe 1"),
        ("取消订阅 1", "unsubscribe 1"),
        ("设置 语言：英文 时区：上海", "settings lang=en timezone=Asia/Shanghai"),
        ("状态", "status"),
        ("帮助 订阅", "help subscribe"),
    ],
)
def test_chinese_words_and_punctuation_mean_the_same(text, meant):
    assert said(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("https://github.com/owner/repo 7d", "owner/repo 7d"),
        ("HTTPS://www.GitHub.com/owner/repo.git", "owner/repo"),
        ("github.com/owner/repo/", "owner/repo"),
        ("<https://github.com/owner/repo|github.com/owner/repo> 7d", "owner/repo 7d"),
        ("git@github.com:owner/repo.git", "owner/repo"),
        ("ssh://git@github.com/owner/repo.git", "owner/repo"),
        (f"https://github.com/owner/repo/commit/{SHA.upper()}", f"commit owner/repo@{SHA}"),
        (f"https://github.com/owner/repo/commit/{SHA}#diff-1", f"commit owner/repo@{SHA}"),
        (f"https://github.com/owner/repo/pull/5/commits/{SHA}", f"commit owner/repo@{SHA}"),
        (f"owner/repo@{SHA}", f"commit owner/repo@{SHA}"),
        ("https://github.com/owner/repo/tree/main?tab=readme 7d", "owner/repo 7d branch=main"),
        ("https://github.com/owner/repo/compare/v1.0...v1.1", "owner/repo v1.0..v1.1"),
        ("subscribe https://github.com/owner/repo 09:00", "subscribe owner/repo daily 09:00"),
    ],
)
def test_links_to_github_mean_what_they_lead_to(text, meant):
    assert said(text) == meant


def test_links_to_an_enterprise_server_are_understood_where_it_is_ours():
    assert parse("https://git.acme.example/a/b", "https://git.acme.example") == DigestCommand(repository="a/b")
    with pytest.raises(WordsError, match=r"unknown_link.*git\.acme\.example"):
        parse("https://github.com/a/b", "https://git.acme.example")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_example_of_the_help_is_that_command(command, language):
    for example in load_words("chatbot.views", language)(f"example.{command}").split("\n"):
        assert parse(example).name == command


# --- for every text -----------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        *("digest", "/digest", "subscribe", "commit", "pause", "settings", "list", "help", "订阅", "退订", "帮助"),
        *("owner/repo", "a/b@abcdef1", "/srv/x", "https://github.com/a/b", "https://", "git@github.com:", "a/b..c/d"),
        *(
            "today",
            "昨天",
            "2026-02-30",
            "2026-02-21",
            "7d",
            "v1..v2",
            "HEAD~2..@^",
            "v1...v2",
            "..",
            "~",
            "to",
            "9am",
            "25:00",
            "每周",
            "周一",
            "点",
        ),
        *("cron", '"0 9 * * *"', "*", "0", "*/5", "Asia/Shanghai", "America", "../..", "quiet", "3", "#", "=", "--"),
        *("lang", "lang=", "lang=zh", "--branch", "branch=-x", "path=../x", 'path="', "“", "」", "'", "\\", "=", ":"),
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=12).map(" ".join), st.lists(WORDS).map("".join)))
def test_no_text_raises_anything_but_an_error_about_words(text):
    try:
        command = parse(text)
    except WordsError:
        return
    assert parse(canonical(command)) == command


PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,9}/[a-z0-9][A-Za-z0-9._-]{0,9}[a-z0-9]", fullmatch=True).filter(
    lambda name: ".." not in name and not name.endswith(".git")
)
LOCAL = st.lists(
    PRINTABLE.filter(lambda part: "/" not in part and part not in (".", "..")), min_size=2, max_size=3
).map(lambda parts: "/" + "/".join(parts))
REPOSITORIES = st.one_of(NAMES, LOCAL)
PATHS = PRINTABLE.filter(lambda path: ".." not in path.split("/") and path.strip("/. "))
OPTIONS = st.builds(
    Options,
    branches=st.lists(st.from_regex(r"[a-z][a-z0-9/_.中-]{0,8}[a-z]", fullmatch=True), max_size=3, unique=True)
    .map(tuple)
    .filter(lambda branches: not any(".." in branch for branch in branches)),
    paths=st.lists(PATHS, max_size=3, unique=True).map(tuple),
    language=st.sampled_from([None, "zh", "en"]),
    tier=st.sampled_from([None, *Tier]),
)
CLOCKS = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
ZONES = st.sampled_from([None, "Asia/Shanghai", "UTC", "America/Argentina/Buenos_Aires"])
SCHEDULES = st.one_of(
    st.builds(Schedule, rhythm=st.sampled_from(["daily", "weekdays"]), clock=CLOCKS, timezone=ZONES),
    st.builds(Schedule, rhythm=st.just("weekly"), weekday=st.sampled_from(WEEKDAYS), clock=CLOCKS, timezone=ZONES),
    st.builds(
        Schedule, rhythm=st.just("cron"), expression=st.sampled_from(["0 9 * * 1-5", "*/5 1 L * *"]), timezone=ZONES
    ),
)
WINDOWS = st.sampled_from(
    [
        None,
        "today",
        "yesterday",
        "2026-02-21",
        "2026-02-01..today",
        "7d",
        "v1.0..v1.1",
        "a/b..c/d",
        "版本1..版本2",
        "a=b..c",
        "HEAD~2..HEAD",
        "v1.0^..v1.1^{}",
        "main@{1}..@",
    ]
)
COMMANDS_OF_PEOPLE = st.one_of(
    st.builds(DigestCommand, repository=REPOSITORIES, window=WINDOWS, options=OPTIONS),
    st.builds(CommitCommand, repository=NAMES, sha=st.from_regex(r"[0-9a-f]{7,64}", fullmatch=True)),
    st.builds(SubscribeCommand, repository=REPOSITORIES, schedule=SCHEDULES, options=OPTIONS, quiet=st.booleans()),
    st.builds(
        NumberedCommand,
        name=st.sampled_from(["show", "pause", "resume", "unsubscribe", "run"]),
        number=st.integers(1, 999_999_999),
    ),
    st.builds(PermissionCommand, name=st.sampled_from(["allow", "disallow"]), repository=REPOSITORIES),
    st.builds(PlainCommand, name=st.sampled_from(["list", "status"])),
    st.builds(SettingsCommand, language=st.sampled_from([None, "zh"]), timezone=ZONES),
    st.builds(HelpCommand, topic=st.sampled_from([None, *COMMANDS])),
)


@given(COMMANDS_OF_PEOPLE)
def test_the_canonical_text_of_a_command_means_that_command(command):
    assert parse(canonical(command)) == command


@given(COMMANDS_OF_PEOPLE)
def test_a_leading_slash_command_and_wide_blanks_change_nothing(command):
    quoted = '"' in canonical(command)
    text = canonical(command) if quoted else canonical(command).replace(" ", "\u3000\n ")
    assert parse(f" /digest  {text} ") == command
