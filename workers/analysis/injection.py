"""Text in a commit that addresses its reader or a model, so as to steer the judgement of it.

It changes nothing: what a commit says is data, the tier's floor comes from its diff, and a model is told so. But it is
told as a risk, since whoever reads the repository with other tools may be steered by it. Text that merely is a prompt
("You are a helpful assistant") is ordinary code of an ordinary program and is not meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple, TypeAlias

from workers.analysis.coverage import unread_because
from workers.analysis.hunks import hunks_of
from workers.model import Commit, Evidence, FileChange, Value

INJECTIONS_TOLD = 3
"""How many places are found in one commit at most; one is enough to tell of it."""

QUOTE_LIMIT = 400
"""Characters of a line that its evidence quotes."""

LINE_LIMIT = 2000
"""Characters of a line that are read: what is hidden behind them is not seen by a reader either."""

Words: TypeAlias = tuple[str, ...] | str
"""What picks the lines that a rule then reads: words, or an expression, in lower case."""

_WHAT = (
    r"(?:instruct|prompt|rule|direction|guideline|command|context|system\s+message|order|task|message|text|guardrail)"
)
_JUDGED = r"(?:this|the|my|following)\s+(?:commit|change|diff|patch|pull\s+request|pr\b|merge|update|file)"
_READER = (
    r"(?:ai|llm|a\.i\.|language\s+model|model|assistant|chat\s?gpt|gpt(?:-?\d)?|claude|gemini|copilot|deepseek|qwen|bot"
    r"|summari[sz]er|agent|reviewer|analy[sz]er|analyst|judge|automated\s+review\w*)"
)
_RATED = r"(?:low|lowest|trivial|minor|unimportant|safe|harmless|benign|routine|high|highest|critical|approved?)"
_ACTS = (
    r"(?:ignore|rate|mark|classify|rank|report|treat|say|write|output|respond|reply|approve|skip|summari[sz]e|describe"
    r"|label|set|state|call|consider|praise|include|add|print|reveal)"
)
_ENGLISH: tuple[tuple[Words, str], ...] = (
    # to drop what it was told
    (
        ("ignore", "disregard", "forget", "overrid", "override", "bypass", "overlook"),
        rf"\b(?:ignore|disregard|forget|override|bypass|overlook)\b(?:\W+\w+){{0,4}}?\W+(?:previous|prior|above|earlier"
        rf"|preceding|existing|system|former|initial|original|your|all)\b(?:\W+\w+){{0,3}}?\W+{_WHAT}"
        r"|\bignore\s+(?:all|everything|anything)\s+(?:above|before|you\b|that\s+came)"
        r"|\bforget\s+(?:all|everything)\b.{0,20}\b(?:above|before|told|said|know)",
    ),
    (
        ("your new ", "your real ", "your actual ", "your true ", "your only "),
        rf"\byour\s+(?:new|real|actual|true|only)\s+{_WHAT}\w*\s*(?:is|are|:)",
    ),
    # to be somebody else
    (
        ("you are now", "you are no longer", " mode"),
        r"\byou\s+are\s+(?:now|no\s+longer)\b.{0,40}\b(?:mode|assistant|ai|model|dan|jailbr\w+|unrestricted|free|admin\w*"
        r"|reviewer|bound)|\b(?:enter|enable|switch\s+to|activate)\s+(?:developer|god|jailbreak|dan)\s+mode",
    ),
    # to be heard as a model
    (
        ("attention", "note to", "message to", "message for", "dear ", "hey", "hello", "instructions ", "instruction "),
        r"\b(?:attention|note\s+to|message\s+(?:to|for)|dear|hey|hello|instructions?\s+(?:to|for))\W+(?:all\W+|the\W+"
        rf"|any\W+|an?\W+)?{_READER}s?\b",
    ),
    (
        ("if you", "as an ai", "as an llm", "as a language", "as the ai", "as a llm"),
        rf"\bif\s+you(?:'re|\s+are)\s+(?:an?|the)\s+{_READER}|\bas\s+(?:an?|the)\s+(?:ai|llm|language\s+model)\b[^.]{{0,40}}"
        r"\byou\b",
    ),
    (
        rf"{_READER}s?(?:[,:]|\s+(?:must|should|shall|please))",
        rf"(?:^|[^\w.]){_READER}s?(?:[,:]|\s+(?:must|should|shall|please))\s+(?:please\s+|you\s+)?(?:must\s+|should\s+)?(?:not\s+)?"
        rf"{_ACTS}\b",
    ),
    # to judge as the text wants
    (
        r"(?:this|the|my|following)\s+(?:commit|change|diff|patch|pull|pr\b|merge|update|file)",
        rf"\b(?:rate|mark|classify|rank|report|treat|label|grade|score|consider|describe|assess|flag|set|declare|summari[sz]e)"
        rf"\s+{_JUDGED}\s*(?:s\b)?(?:\W+\w+){{0,4}}?\W+{_RATED}\b",
    ),
    (
        (" tier", "importance", "severity", "rating"),
        r"\b(?:set|assign|give|raise|lower|downgrade|upgrade|force|use)\b[^.\n]{0,30}\b(?:tier|importance|severity|rating)\b"
        rf"[^.\n]{{0,20}}\b(?:to|as|=|:|of)\s*[\"'`]?{_RATED}\b",
    ),
    (
        ("do not", "don't", "never", "must not", "should not"),
        r"\b(?:do\s+not|don't|never|must\s+not|should\s+not)\s+(?:mention|report|flag|reveal|disclose|tell|warn|analy[sz]e"
        rf"|discuss|list|summari[sz]e|describe)\b[^.\n]{{0,30}}\b(?:{_JUDGED}|risks?|security|vulnerab\w+|backdoor"
        r"|anything|any\s+(?:issue|problem|finding|concern)s?|to\s+(?:the\s+)?(?:user|reader|team)s?)\b",
    ),
    (
        ("respond ", "reply ", "answer ", "output "),
        r"\b(?:respond|reply|answer|output)\s+(?:only|exactly|with\s+only|nothing\s+but|just)\b.{0,20}[\"'`:{\[]",
    ),
    (
        ("system prompt", "your prompt", "your instruction", "your rules", "your api key", "your hidden"),
        r"\b(?:reveal|print|repeat|show|output|leak|send|tell\s+me)\b.{0,20}\b(?:system\s+prompt|your\s+(?:prompt"
        r"|instructions?|rules|api\s+key|hidden))",
    ),
    (
        ("post ", "send ", "include ", "add ", "insert ", "put "),
        r"\b(?:post|send|include|add|insert|put)\b[^\n]{0,60}\b(?:in|into|to)\s+(?:your|the)\s+(?:summary|report|digest"
        r"|answer|analysis|reply|channel)\b[^.\n]{0,30}(?:\bhttps?:|\blink\b|@|<!|\bmention|\beveryone\b)",
    ),
    # to leave the fence
    (
        ("<|", "[inst]", "[/inst]", "<<sys", "<im_start", "<im_end"),
        r"(?<![\"'`>])<\|?(?:im_start|im_end|system|endoftext|assistant|eot_id|start_header_id)\|?>|\[/?INST\]|<</?SYS>>",
    ),
    (
        (
            "end of ",
            "begin ",
            "new system",
            "new instruction",
            "new prompt",
            "updated ",
            "system:",
            "assistant:",
            "## ",
        ),
        r"(?:^|[#*/;])\W{0,8}(?:end|stop)\s+of\s+(?:the\s+)?(?:untrusted\s+|commit\s+)?(?:data|diff|commit|context|fence)\b"
        r"|(?:^|[#*/;])\W{0,8}(?:begin|new|updated)\s+(?:system|instructions?|prompt)\b(?!\w*[(=.])|(?:^|[#*/;])\W{0,6}(?:system|assistant)\s*:\s*"
        r"(?:you|ignore|please|from\s+now)\b|(?:^|[ /*+])\#{2,}\s*(?:instruction|system|response)s?\s*:?\s*$",
    ),
)
_IGNORE = r"(?:忽略|无视|忘记|忘掉|不要理会|不必理会|不用理会|跳过|绕过|覆盖)"
_IGNORED = ("忽略", "无视", "忘记", "忘掉", "理会", "跳过", "绕过", "覆盖")
_TOLD = r"(?:指令|指示|提示词?|要求|规则|内容|约束|设定|命令|说明|限制|上下文)"
_CALLED = (
    r"(?:AI|人工智能|大模型|语言模型|模型|智能助手|助手|机器人|评审员?|审阅者|审查者|分析员|分析者|摘要工具|总结工具)"
)
_NAMED = ("ai", "人工智能", "模型", "助手", "机器人", "评审", "审阅者", "审查者", "分析员", "分析者", "工具")
_THIS = r"(?:此|本|这个|该|这次|本次|这条|这一)(?:次|个|条|处)?(?:提交|变更|改动|修改|补丁|更新|合并|commit|PR)"
_CHINESE: tuple[tuple[Words, str], ...] = (
    (
        _IGNORED,
        rf"{_IGNORE}[^。；\n]{{0,8}}(?:以上|之前|前面|上述|先前|上面|此前|所有|一切|系统|原有|原来)[^。；\n]{{0,8}}{_TOLD}"
        rf"|{_IGNORE}(?:你|您)(?:的|所)[^。；\n]{{0,10}}{_TOLD}",
    ),
    (
        ("现在", "从现在", "如今", "此刻"),
        r"(?:你|您)(?:现在|从现在起|如今|此刻)(?:起|开始)?[,，]?(?:是|不再是|扮演|进入|处于)",
    ),
    (
        _NAMED,
        rf"(?:请|致|给|注意|尊敬的|亲爱的|各位|所有)[，,:：\s]*(?:各位|所有|正在阅读的|阅读此\S{{0,4}}的)?{_CALLED}[^。\n]{{0,6}}"
        rf"(?:请|注意|务必|必须|应当|应该|[:：,，])"
        rf"|{_CALLED}(?:请|务必|必须|应当|应该|需要|需)(?:直接|只|将|把|不要|忽略|视|按|在|不)"
        r"|(?:如果|若|当)(?:你|您)是(?:一个|一名|一款)?(?:AI|人工智能|大模型|语言模型|模型|助手|机器人)"
        r"|作为(?:一个|一名|一款)?(?:AI|人工智能|大?语言模型|大模型|智能助手)[，,][^。\n]{0,20}(?:你|您|请|必须|应)",
    ),
    (
        ("提交", "变更", "改动", "修改", "补丁", "更新", "合并"),
        rf"(?:将|把|视|给){_THIS}[^。\n]{{0,12}}(?:标记|标|评|定|归|视|列|判|设)(?:级|分|类)?(?:为|成|作|到|定)",
    ),
    (
        ("重要", "等级", "级别", "优先级", "严重", "评级"),
        r"(?:重要(?:性|程度|级别)|等级|级别|优先级|严重(?:性|程度)|评级)[^。\n]{0,8}(?:设|改|调|标|定|评|降|升)(?:为|成|到|至|置为)"
        r"[^。\n]{0,6}(?:低|高|low|high)",
    ),
    (
        ("不要", "请勿", "不得", "禁止", "切勿", "别", "无需", "不必"),
        rf"(?:不要|请勿|不得|禁止|切勿|别|无需|不必)(?:[在向对][^。\n]{{0,10}})?(?:提及|报告|提到|告诉|告知|指出|透露|列出|披露)"
        rf"[^。\n]{{0,16}}(?:{_THIS}|风险|漏洞|安全|密钥|后门|问题|任何|用户|读者)",
    ),
    (
        ("回复", "输出", "回答"),
        r"(?:只|仅)(?:需要?|要|能|可以?|允许)?(?:回复|输出|回答)[^。\n]{0,3}[“\"'「『：:{]",
    ),
    (
        ("提示词", "系统提示", "你的指令", "隐藏"),
        r"(?:输出|泄露|显示|打印|重复|告诉我|公开)[^。\n]{0,8}(?:系统提示词?|你的提示词?|你的指令|隐藏(?:的)?(?:指令|提示))",
    ),
    (
        ("结束", "完毕"),
        r"(?:数据|差异|提交|输入|上下文|围栏)(?:到此|至此)?(?:结束|完毕)[。，,；;\s]*(?:以下|下面|现在|新的?|接下来)",
    ),
    (
        ("新指令", "新的", "真正的", "最新的", "新任务", "新提示"),
        r"(?:新的?|真正的?|最新的?)(?:系统)?(?:指令|任务|提示词?|要求)(?:如下|是|[:：])",
    ),
)


class _Rule(NamedTuple):
    """`first` stands in every line that `whole` finds, and is quick to look for in text in lower case."""

    first: tuple[str, ...] | re.Pattern[str]
    whole: re.Pattern[str]


def _rules(given: Iterable[tuple[Words, str]]) -> tuple[_Rule, ...]:
    return tuple(
        _Rule(re.compile(first) if isinstance(first, str) else first, re.compile(whole, re.IGNORECASE))
        for first, whole in given
    )


_ENDING = re.compile(r"\d*(?:\.\w{1,8})?$")
_BETWEEN_WORDS = re.compile(r"[\W_]+")

_RULES = _rules(_ENGLISH)
_RULES_OF_CHINESE = _rules(_CHINESE)


class Injection(Value):
    """One place that addresses a reader or a model. `path` None: the message. Without evidence: a file's name."""

    path: str | None = None
    evidence: tuple[Evidence, ...] = ()


def injections_of(commit: Commit) -> tuple[Injection, ...]:
    """The places in the message, in names of files, in lines that read files gain; at most INJECTIONS_TOLD."""
    return tuple(islice(_sightings(commit), INJECTIONS_TOLD))


def addresses(text: str) -> bool:
    """Whether a text addresses a reader or a model in order to steer it."""
    return next(_lines(text), None) is not None


def _sightings(commit: Commit) -> Iterator[Injection]:
    if addresses(commit.message):
        yield Injection()
    any_name = addresses("\n".join(_readings(file.path) for file in commit.files))
    for file in commit.files:
        if any_name and addresses(_readings(file.path)):
            yield Injection(path=file.path)
        if unread_because(file) is None:
            yield from _in_patch(file)


def _readings(path: str) -> str:
    """The lines as which a path may be read: as it stands, its name alone, and with its words apart."""
    line = path.replace("\n", " ")
    name = line.rsplit("/", 1)[-1]
    return "\n".join((line, name, _ENDING.sub("", name), _BETWEEN_WORDS.sub(" ", line)))


def _in_patch(file: FileChange) -> Iterator[Injection]:
    found = {line[1:LINE_LIMIT] for line in _lines(file.patch or "") if line.startswith("+")}
    if not found:
        return
    for line in (line for hunk in hunks_of(file.patch or "") for line in hunk.lines()):
        if line.mark == "+" and line.new_no is not None and line.text[: LINE_LIMIT - 1] in found:
            quote = line.text.strip()[:QUOTE_LIMIT]
            place = Evidence(path=file.path, side="new", start=line.new_no, end=line.new_no, quote=quote)
            yield Injection(path=file.path, evidence=(place,))


def _lines(text: str) -> Iterator[str]:
    """The lines that a rule finds something in, by rule; of a long line its first LINE_LIMIT characters."""
    lowered = _lower(text)
    for rule in _RULES if text.isascii() else (*_RULES, *_RULES_OF_CHINESE):
        for start in dict.fromkeys(_start(text, place) for place in _places(lowered, rule.first)):
            end = text.find("\n", start, start + LINE_LIMIT)
            line = text[start : end if end >= 0 else start + LINE_LIMIT]
            if rule.whole.search(line):
                yield line


def _start(text: str, place: int) -> int:
    """Where the line of a place begins; in a long line no further back than LINE_LIMIT."""
    back = max(0, place - LINE_LIMIT)
    return max(text.rfind("\n", back, place) + 1, back)


def _lower(text: str) -> str:
    """In lower case, every letter where it was: there are letters whose lower case is longer."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(letter.lower()[:1] for letter in text)


def _places(text: str, first: tuple[str, ...] | re.Pattern[str]) -> Iterator[int]:
    if isinstance(first, re.Pattern):
        yield from (found.start() for found in first.finditer(text))
        return
    for word in first:
        at = text.find(word)
        while at >= 0:
            yield at
            at = text.find(word, at + len(word))
