from __future__ import annotations

from tests.unit.workers.analysis.by_hand import added, changed, commit
from workers.analysis.grounding.grounding import Checked, Ground, Place, check, mend
from workers.model import Evidence, Insight, Judgement, Recommendation, Statement

GROUND = Ground(
    [
        commit(
            "Split the rotary embedding, ready for MTP (#19064)",
            changed(
                "layers/rope.py", "def rope(x):\n    return x\n", "def rope(x, base=10000):\n    return x * base\n"
            ),
            added("layers/rope_cache.py", "CACHE_SIZE = 16\n\n\ndef cached(x):\n    return x\n"),
        )
    ]
)
TRUE, FALSE = Statement(text="Adds `cached`."), Statement(text="Adds `cached_forever`.")


def judgement(*summary: Statement) -> Judgement:
    return Judgement(engine="model", complete=True, summary=summary)


def counts(checked: Checked) -> tuple[int, int, int, int]:
    grounding = checked.grounding
    return grounding.checked, grounding.supported, grounding.repaired, grounding.removed


def test_what_is_rejected_tells_its_place_and_its_faults():
    said = Judgement(
        engine="model",
        complete=True,
        summary=(TRUE, FALSE),
        insights=(Insight(dimension="Architecture", statements=(TRUE, FALSE)),),
        recommendations=(Recommendation(audience="Users", statement=FALSE),),
        conclusion=FALSE,
    )
    checked = check(said, GROUND)
    assert [item.place for item in checked.rejected] == [
        Place("summary", (1,)),
        Place("insights", (0, 1)),
        Place("recommendations", (0, 0)),
        Place("conclusion", (0,)),
    ]
    assert {fault.code for fault in checked.rejected[0].faults} == {"name_unknown"}
    assert counts(checked) == (6, 2, 0, 4)


def test_an_answer_that_holds_stands_in_its_place_and_counts_as_repaired():
    checked = check(judgement(FALSE, TRUE), GROUND)
    answer = Statement(text="Adds `CACHE_SIZE`.")
    mended = mend(checked, {0: answer}, GROUND)
    assert mended.judgement.summary == (answer, TRUE)
    assert counts(mended) == (2, 1, 1, 0)
    assert mended.rejected == ()


def test_an_answer_that_does_not_hold_or_is_missing_is_removed():
    checked = check(judgement(FALSE, FALSE, TRUE), GROUND)
    mended = mend(checked, {0: Statement(text="Adds `cached_twice`."), 1: None}, GROUND)
    assert mended.judgement.summary == (TRUE,)
    assert counts(mended) == (3, 1, 0, 2)
    assert counts(mend(checked, {}, GROUND)) == (3, 1, 0, 2)


def test_an_answer_mended_by_moving_its_quote_is_kept_with_the_right_lines():
    quote = Evidence(path="rope_cache.py", side="new", start=0, end=0, quote="CACHE_SIZE = 16")
    mended = mend(check(judgement(FALSE), GROUND), {0: Statement(text="Caches 16 entries.", evidence=(quote,))}, GROUND)
    place = mended.judgement.summary[0].evidence[0]
    assert (place.path, place.start, place.end) == ("layers/rope_cache.py", 1, 1)


def test_an_invented_expansion_is_cut_out_and_the_abbreviation_stands_alone():
    checked = check(judgement(Statement(text="Adds `cached` for RoPE (Rotating Pixel Engine) layers.")), GROUND)
    assert checked.judgement.summary[0].text == "Adds `cached` for RoPE layers."
    assert counts(checked) == (1, 0, 1, 0)


def test_a_chinese_expansion_is_cut_out_too():
    checked = check(judgement(Statement(text="为 MTP（多 token 预测）新增 `cached`。")), GROUND)
    assert [one.text for one in checked.judgement.summary] == ["为 MTP 新增 `cached`。"]


def test_a_quote_copied_with_its_diff_mark_is_found():
    quote = Evidence(path="layers/rope.py", side="new", start=0, end=0, quote="+    return x * base")
    kept = check(judgement(Statement(text="Multiplies by `base`.", evidence=(quote,))), GROUND).judgement.summary
    assert kept[0].evidence[0].start == 2


def test_a_report_in_the_manner_of_the_specimen_loses_what_it_invents():
    invented = [
        "新增 `__init__.py`、`_base.py`、`_factory.py` 三个文件。",
        "FlashInfer 约 **12 µs**，新实现约 **7 µs**，Speed-up ≈ **1.7×**。",
        "理论上提升 30‑50% 的写入效率。",
        "`apply_flashinfer_rope_qk_inplace` 仍保持原有的回退逻辑，性能特性保持不变。",
        "显存占用可降低 150 MiB。",
        "使用 `torch.cuda.memory_summary()` 观察显存占用。",
        "对外接口不变，用户层感知不到变化，行为保持一致。",
        "CI 运行时间将上升约 30 %（2 min → 2.6 min）。",
        "新增 200 行单元测试。",
    ]
    true = ["新增 `layers/rope_cache.py`，其中 `CACHE_SIZE` 为 16。", "`rope` 新增参数 `base`，默认值为 10000。"]
    checked = check(judgement(*[Statement(text=text) for text in (*invented, *true)]), GROUND)
    assert [one.text for one in checked.judgement.summary] == true
