"""How people say that something is as it was, in both languages."""

from __future__ import annotations

import re

from workers.analysis.grounding.prose.reading import N

_ASPECT = (
    r"(?:functional(?:ity|ities)?|behaviou?rs?|behaviou?ral|semantics?|user-visible|user-facing|user|users"
    r"|runtime|visible|observable"
    r"|apis?|breaking|performance|speed|latency|throughput|memory|security|compatib\w+|logic|interfaces?"
    r"|contracts?|outputs?|results?"
    r"|properties|permissions?|protections?|guarantees?|metrics?|markup|rendering|responses?|payloads?|callers?"
    r"|clients?|consumers?|usage|operational|operations?"
    r"|production|features?|signatures?"
    r"|workflows?|overhead|risks?|attack surface)"
)
_SAME = (
    r"(?:unchanged|unaffected|the same|identical|intact|untouched|preserved|as before|as it was|as is"
    r"|equivalent|unaltered|kept"
    r"|not (?:be )?(?:affected|changed|altered|impacted|influenced|modified|touched))"
)
_EFFECT = (
    r"(?:chang(?:es?|ing)|impacts?|effects?|differences?|regressions?|implications?|modifications?|consequences?"
    r"|costs?"
    r"|penalt(?:y|ies)|alterations?|side[- ]effects?|overhead|risks?|concerns?|breakage|impairment)"
)
_W = rf"(?:(?:[\w’'/-]|{N})+[ ,]+)"
_ENGLISH = [
    rf"\b(?:no|without(?: any)?|zero|nor any|neither|free of|any) {_W}{{0,3}}?{_ASPECT} {_W}{{0,2}}?{_EFFECT}",
    rf"\b(?:no|without(?: any)?|zero|little or no) {_W}{{0,2}}?{_EFFECT} (?:in|to|on|of|for"
    rf"|at) {_W}{{0,5}}?{_ASPECT}",
    rf"\b{_ASPECT} {_W}{{0,7}}?(?:is|are|remains?|stays?|keeps?|left|leaves?|be|continues?|was|were|will"
    rf"|would) {_W}{{0,4}}?{_SAME}",
    rf"\b(?:leav(?:es|ing)|keep(?:s|ing)?|preserv(?:es?|ing)|maintain(?:s|ing)?|retain(?:s"
    rf"|ing)?) {_W}{{0,4}}?{_ASPECT}s? {_W}{{0,3}}?{_SAME}",
    r"\b(?:keep(?:s|ing)?|preserv(?:es?|ing)|maintain(?:s|ing)?|retain(?:s|ing)?) (?:the |all |its "
    r"|full )?(?:existing |current |same |original |observable |public |runtime )*"
    r"(?:behaviou?rs?|semantics|functionality|performance|compatibility|apis?|interfaces?|contracts?)\b",
    rf"\b(?:does not|doesn['’]t|do not|don['’]t|won['’]t|will not|not|never|without|neither|cannot"
    rf"|should not) (?:\w+ )?(?:affect|chang|alter|impact|modif|influenc|break|degrad|regress|disrupt"
    rf"|hurt)\w* {_W}{{0,6}}?(?:{_ASPECT}|existing|anything|anyone)",
    r"\b(?:fully |completely |entirely |remains? |is |stays? |100% )?(?:backwards?|forwards?|source|binary"
    r"|wire|api|abi)[- ]compatib(?:le|ility)",
    r"\bbehaviou?r[- ](?:preserving|neutral)|\bdrop-in\b|\bsemantically (?:identical|equivalent|the same)"
    r"|\bfunctionally (?:identical|equivalent|the same)",
    rf"(?<!{N}) {_W}{{0,3}}?\b(?:remains?|stays?|is|are|continues? to be) {_W}{{0,2}}?(?:unchanged"
    r"|unaffected|untouched|unmodified|unaltered|not (?:affected|touched|altered|impacted|modified)"
    r"|the same as before|exactly as before"
    rf"|as (?:it was|they were) before)\b",
    r"\b(?:behaves?|works?|functions?|operates?|performs?|acts?) (?:\w+ ){0,2}?(?:the same|as before"
    r"|as usual|identically|exactly as|unchanged|as it did)\b",
    rf"(?<!{N} )\b(?:remains?|stays?|keeps?|continues? to be) (?:exactly |entirely |completely |just )?"
    r"(?:the same|unchanged|intact|identical)\b"
    r"(?! (?:file|line|name|way|time|type|value|module|class|function|helper|length|order|as))",
    r"\b(?:continues? to|still) (?:work|function|behave|operate)s?\b",
    r"\bnon-?breaking\b|\bnon-?functional (?:change|refactor\w*)|\b(?:pure|purely|strictly|simply|just"
    r"|only)\b (?:an? )?(?:internal |code |cosmetic )?(?:refactor\w*|clean-?up|cosmetic|restructur\w+"
    r"|reformat\w+)",
    r"\bsafe to (?:upgrade|merge|deploy|roll out)|\b(?:existing|current) (?:callers|users|clients|code"
    r"|configurations?|consumers|deployments|integrations|setups) (?:need|require|see|notice"
    r"|experience)s? (?:no|nothing)",
    r"\b(?:exactly |just )?(?:as|like)(?: it| they)?(?: was| were| did| does| worked| had been)? before\b"
    r"(?=[.,;:)]|$| this| the (?:change|commit)| and)",
    r"\b(?:exactly|precisely|just|much|left|stays?|remains?|keeps?|kept) (?:\w+ )?(?:as|like|what|how|the way)\s+"
    r"(?:(?:it|they|things|everything|this) )?(?:always|used to|ever|did|was|were|had|before|previously)\b",
    r"\b(?:has|have|had)(?: not|n['’]t) changed\b",
    r"\b(?:has|have|had)(?: not|n['’]t) been (?:altered|changed|modified|touched|affected)\b",
    r"\b(?:is|are|was|were|been) (?:\w+ )?left (?:exactly |just )?(?:as|alone|unaltered|unmodified|untouched"
    r"|unchanged)\b",
    r"\b(?:byte|bit|word|letter|line)[- ](?:for|by)[- ](?:byte|bit|word|letter|line)\b",
    r"\b(?:exactly |just |the same )as (?:in|with|under) (?:the )?(?:earlier|previous|older|prior|past) \w+",
    r"\bthe same before and after\b|\bboth before and after\b[^.;]{0,20}\bsame\b|\bremains? at the same\b",
    r"\bthe same (?:\w+ ){1,3}(?:[^.;,]{0,30}? )?as before\b",
    r"\b(?:does|do|did|will)(?: not|n['’]t) change (?:with|by|here|through|in) ",
    r"\bnothing\b[^.;]{0,40}\b(?:is|are|looks?|feels?|works?|behaves?) (?:any )?different\w*|\bno different\b"
    r"|\bnothing (?:else |\w+ )?changes?\b",
    r"\b(?:not|n['’]t|no need to|nothing to) (?:have to |need to |to )?(?:expect|anticipate|fear"
    r"|worry about)\b[^.;]{0,20}"
    r"\b(?:differences?|changes?|break\w*|impact)\b",
    r"\bsame\b[^.;]{0,40}\b(?:as ever|as always|as (?:it|they) (?:was|were|did)|until now|so far"
    r"|as in (?:earlier|previous|older) \w+)\b",
    r"\b(?:keeps?|kept|goes|go) (?:on )?(?:working|functioning|running|compiling|behaving|operating) "
    r"(?:as|without|for|unchanged|exactly|with no|like|just)\b",
    r"\b(?:no|not any) (?:\w+ )?changes? (?:to|in) (?:how|the way|what)\b",
    r"\bidentical (?:to|with) (?:what|how|the)\b[^.;]{0,40}\b(?:before|previous\w*|earlier|old)\b",
    r"\b(?:notices?|sees?|feels?|experiences?|observes?) (?:nothing\b|no (?:difference|change|impact|effect"
    r"|regression))",
    r"\b(?:does|do|did|will|would)(?: not|n['’]t) change(?=[.,;:]|$| for | at all| as a result| when | after | in "
    r"| under )",
    r"\b(?:requires?|needs?|calls? for|demands?) no (?:\w+ ){0,2}?(?:action|migration|attention|adjustments?"
    r"|changes?)\b",
    r"\b(?:nothing changes|no one will notice|has no effect|have no effect|no effect|no impact) (?:for|on|to|in)\b",
    r"\b(?:has|have|had) not been (?:altered|changed|modified|touched|affected)\b",
    r"\b(?:does|do|did)(?: not|n['’]t) change with\b|\bremains? at the same\b",
    r"\b(?:exactly|just|precisely) as in (?:earlier|previous|older|prior)\b|\bthe same before and after\b",
    r"\bno[- ]op for\b|\b(?:introduces?|causes?|brings?|adds?|carries|carry|poses?|has|have|with|there (?:is|are)) "
    r"(?:no|zero|little or no|negligible|minimal|virtually no)(?: \w+)? "
    r"(?:regressions?|overhead|risks?|side[- ]effects?|downtime|disruptions?)\b",
    r"\b(?:zero|no|negligible) (?:overhead|regressions?|risk|cost) (?:is|are) (?:added|introduced|incurred"
    r"|expected)\b",
    r"\b(?:risks?|overhead|impact|costs?)(?: \w+){0,4}? (?:is|are|remains?|seems?|looks?) (?:\w+ )?(?:negligible"
    r"|minimal"
    r"|none|nil|zero|insignificant|manageable|low|small|limited|close to zero)\b",
    r"\b(?:existing|current|all)(?: existing| other| the)? (?:unit |integration |regression )?tests? "
    r"(?:still |continue to |keep on |should |will )?pass(?:es|ing)?"
    r"(?=\s*(?:[.;,]|$|\b(?:without|as|and|unchanged|unmodified)))",
    r"\bno (?:further |manual |additional |special |data |other )*(?:action|migration|intervention|adjustments?"
    r"|steps?) "
    r"(?:is |are |will be )?(?:needed|required|necessary)\b",
    r"\bno (?:existing|current|other) (?:\w+ )?(?:functionality|features?|code|callers?|users?|clients?|modules?) "
    r"(?:is|are|was|were|gets?) (?:\w+ )?(?:affected|broken|changed|impacted|touched|altered)\b",
    r"\b(?:is|are|be|remains?) (?:\w+ )?transparent (?:to|for) (?:\w+ ){0,2}?(?:callers?|users?|clients?|consumers?"
    r"|operators?|applications?|customers?|downstream)",
    r"\b(?:(?:users?|callers?|clients?|consumers?|customers?|developers|operators) (?:will |would |should |do |does "
    r"|can )?"
    r"(?:not|never|hardly|barely)|(?:nobody|no one)(?: will| would| should)?) (?:even )?"
    r"(?:notice|see|feel|experience|observe|perceive)s?(?:\s*(?:[.;,]|$)|\s+(?:\w+\s+){0,2}?(?:differences?|changes?"
    r"|impact|effects?|disruptions?|anything|this|it)\b)",
]
_STAYS_ENGLISH = [
    r"\b(?:handled|treated|dealt with|processed|computed|built|parsed|read|written|sent|shown|stored|reported"
    r"|resolved) (?:\w+ )?(?:just |exactly |precisely )?(?:as (?:it|they|this) (?:was|were|did) before"
    r"|as before|no different\w*|the same(?: way)?|identically)\b",
    r"\bno different\w* (?:than|from|to)\b|\bin the same way as\b[^.;]{0,20}\bbefore\b|\bthe same as ever\b",
    r"\b(?:did|do|does)(?: not|n['’]t) (?:have|need) to be (?:touched|changed|adapted|adjusted|updated|modified)\b",
    r"\b(?:is|are|was|were)(?: not|n['’]t) (?:weakened|loosened|relaxed|tightened|extended|narrowed|reduced)\b",
    r"\b(?:stays?|remains?|is still|are still) (?:fully |entirely )?(?:usable|valid|in (?:place|force|effect)|possible"
    r"|supported|available|accepted|working|functional|effective|readable|accessible|stable|constant|flat)\b",
]
_ZH_ASPECT = (
    r"(?:行为|功能|逻辑|语义|性能|安全性?|接口|API|兼容性|输出|结果|用户|使用方式|调用方式?|调用者"
    r"|签名|运行时|运行|效果|吞吐量?|延迟|业务|使用者|体验|开销|稳定性|下游|上层|上游)"
)
_ZH_SAME = (
    r"(?:不变|不受(?:任何)?影响|未受(?:任何)?影响|无影响|没有(?:任何)?影响|无(?:任何)?(?:变化|变动"
    r"|改变|差异|区别)|没有(?:任何)?(?:变化|变动|改变|差异|区别|差别|不同|改动|调整)|未变|未改变|未(?:发生|作|做)"
    r"(?:任何)?(?:变化|改变|改动|修改)|没变|不会(?:有任何)?(?:改变|变化)|(?:保持|完全|维持)?"
    r"(?:一致|相同|等价|等同)|无需(?:任何)?(?:改动|修改|调整|变更)|原样)"
)
_CHINESE = [
    rf"{_ZH_ASPECT}[^。；，,;]{{0,12}}?{_ZH_SAME}",
    rf"(?:不|未|没有|不会|无)(?:会)?(?:任何)?(?:影响|改变|改动|破坏|变更|触及|牵涉|降低"
    rf"|损害)[^。；，]{{0,14}}?(?:{_ZH_ASPECT}|现有|已有|原有)",
    r"对[^。；，]{0,18}?(?:没有|无|不会产生|毫无|不产生|不造成|不会造成|并无|不会带来|不带来)(?:任何|明显"
    r"|实质|负面|额外|可见|可察觉|可感知|直接|实际|性)*(?:的)?(?:影响|副作用|变化|改变|开销|风险|差异|差别|感知)",
    r"(?:不会?|并不)对[^。；，]{0,14}?(?:造成|产生|带来|构成)(?:任何|明显|负面|实质)*(?:的)?(?:影响|冲击|风险|副作用|干扰)",
    rf"(?<!{N})(?<!{N} )(?<!默认值)(?<!名称)(?<!取值)(?:保持不变|维持不变|不受(?:任何)?影响|不会受到影响"
    r"|无需(?:做|任何)*(?:改动|修改|调整|变更))",
    r"(?:完全|保持|仍然?|依旧|依然)?(?:向后|向前|向下)兼容",
    r"(?:与|和|同)?(?:以往|过去|从前|往常|旧版|此前|之前|原来|先前)[^。；，]{0,6}?(?:无异|无二|没有两样|毫无二致"
    r"|并无二致|一模一样)"
    r"|一切照旧|一如既往|原封不动|(?:行为|功能|体验|流程|输出|逻辑)(?:照旧|如常|依旧|如故)|(?:用户|使用者|业务"
    r"|调用方|客户端|上层|下游|线上)[^。；，]{0,8}?(?:无感知?|感知不到|不会(?:察觉|感知|注意|感受)到?"
    r"|察觉不到)",
    rf"(?:无|没有|不存在|不含|不包含|不包括|(?:没有|未|不|并未|不会)引入|不涉及)(?:任何)?(?:{_ZH_ASPECT}|破坏性|不兼容|兼容)"
    rf"(?:性|上|方面|层面)?的?(?:任何)?(?:变化|变更|改动|影响|损失|回退|风险|退化|差异|问题|调整|修改|改变)",
    r"纯(?:属|粹的?|粹是)?[^。；，]{0,3}?(?:外观|风格|样式|排版|格式|内部|代码)(?:上的?)?(?:调整|改动|变更|整理)|非破坏性",
    r"纯(?:粹的?)?(?:内部)?(?:重构|代码整理|整理|格式)|仅(?:仅)?(?:是|为|属)(?:内部)?(?:重构|代码整理|格式调整)",
    r"(?:可以?|能够?)(?:直接|无缝|平滑|放心|安全)(?:地)?(?:升级|替换|合并)|(?:保持|维持|保留)了?(?:原有"
    r"|现有|既有|原来|已有|此前)?的?(?:行为|功能|语义|逻辑|性能|安全性|兼容性|接口|API)(?:不变|一致)?",
    r"(?:与|和)(?:之前|原先|原来|此前|以前|原有|修改前|改动前|旧版)[^。；，]{0,8}?(?:一致|相同|等价|等同"
    r"|一样|(?:没有|无)(?:任何)?(?:差别|区别|差异|不同|两样))|(?:现有|已有)(?:用户|调用方|代码|配置)[^。；，]{0,6}?(?:无需|不必|不用|无须)",
    r"风险(?:也)?(?:基本|几乎|完全|近乎|趋近于?|接近)?(?:上)?(?:为|是|等于)?零|零风险|无(?:任何)?(?:安全|兼容|性能)?风险|没有(?:任何)?风险"
    r"|风险(?:极低|很低|较低|极小|很小|可控|可忽略|可以忽略|微乎其微)",
    r"(?:影响|开销|代价|损耗|成本)[^。；，]{0,6}?(?:可以?忽略(?:不计)?|微乎其微|几乎为零|基本为零|极小)|可忽略不计",
    r"(?:与|和|对|同)?(?:旧|老|现有|已有|以前|历史|既有|早期)(?:的)?[^。；，]{0,8}?(?:完全|保持|依然|仍然?)兼容"
    r"|(?:完全|100%|百分之百|全面)兼容(?:旧|老|现有|已有|既有|以前|历史|早期|各)",
    r"(?:不存在|不会有|没有|毫无|无)(?:任何)?[^。；，]{0,6}?(?:隐患|副作用|回归(?:问题|风险|的可能)|后顾之忧)",
    r"(?:像|跟|同|如|和|与)(?:以前|之前|此前|过去|原来|从前|先前)(?:那样|完全)*一样|依旧每次|仍旧每次",
    r"(?:没有(?:任何)?(?:改动|变动|增减|动过|调整)(?!任何文件|了?文件)|都没有?变)",
    r"(?:像|如|和|跟|与)(?:以前|之前|从前|往常|过去|此前)(?:那样)?(?:完全)?(?:一样|相同)",
    r"(?:现有|已有|既有|原有|旧的?|历史|存量)[^。；，]{0,10}?(?:仍然?|依然|依旧|可以?|能够?|照常|继续)+(?:使用|读取|工作|运行|生效|有效|可用"
    r"|访问|打开|加载|适用)",
    r"(?:所有|全部|现有|已有|原有)的?(?:现有|已有|原有)?(?:单元|回归|集成)?测试(?:用例)?[都均全部仍然依旧照常也]*(?:能够?|可以?)?通过",
    r"(?:接口|API|行为|格式|协议|签名)[^。；，]{0,6}?(?:保持|依然|仍然?)稳定(?!性)",
    r"(?:无需|不需要|不必|无须|不用)(?:任何|额外|手动|人工|再|做|采取|进行)*(?:的)?(?:数据)?(?:迁移|操作|干预|行动|动作)",
    r"其[他它余][^。；，]{0,6}?[均都皆](?:无变化|不变|没有变化|未变|照旧|没有改动|未作改动|未改)",
    r"(?:保持|维持)[^。；，]{1,10}?不变",
    r"对(?:终端|最终|上层|下游|现有)?(?:用户|调用方|使用者|业务|应用|客户端)(?:完全|是|而言是?)*透明",
]
_STAYS_CHINESE = [
    r"没有?(?:任何)?(?:变化|改变|改动|变动|变|改|调整)(?!任何|了|成|为|过来|更|[\u4e00-\u9fff]*(?:文件|测试|代码))",
    r"(?:仍|仍旧|仍然|依旧|依然|还)是?(?:每次|照常|照样|直接|原样)",
    r"(?!持)[\u4e00-\u9fff]不变(?![式量性的])",
    r"均?(?:维持|保持)原[样状]|原样(?:保留|不动)",
]
NARROW = re.compile("|".join(f"(?:{pattern})" for pattern in (*_STAYS_ENGLISH, *_STAYS_CHINESE)), re.IGNORECASE)
CLAIM = re.compile(
    "|".join(f"(?:{pattern})" for pattern in (*_ENGLISH, *_STAYS_ENGLISH, *_CHINESE, *_STAYS_CHINESE)), re.IGNORECASE
)
BROAD = re.compile(
    r"\bbehav|perform|secur|compat|functional|semantic|latency|throughput|\buser|\bcaller|\bclient|行为|性能|安全|兼容|功能"
    r"|用户|调用方|语义|吞吐|延迟",
    re.IGNORECASE,
)
