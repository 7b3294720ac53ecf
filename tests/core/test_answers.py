"""Answers in the many forms people give them."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.answers import Answer, read_answer
from bot.core.answers.numbers import read_choice, read_number
from bot.core.answers.reading import states_child
from bot.core.answers.steering import read_consent, read_steering
from config.onboarding import load_onboarding

CONFIG = Path(__file__).parents[2] / "config"
TABLES = load_onboarding(CONFIG).questionnaire.tables
TODAY = date(2026, 3, 1)

AGES = {
    "25-34岁": "28 28岁 ２８ 二十八 二十八岁 我今年28了 九五后 95后 90后 95年的 1998年出生 98年 1998 九八年 25-34岁 "
    "25~30 二十五六 我28 28周岁 28岁啦😀 1998-05-03 1998年5月 3 三 C 第三个 选3 ③ 3️⃣ 芳龄28 一九九八年 98年生人 95後",
    "18-24岁": "18 十八 刚满18岁 00后 零零后 05后 05年 2 第二个 18-24岁 20岁左右 2004年 廿一",
    "35-44岁": "40 四十 85后 4 d 1985年的 35到44",
    "45-54岁": "50岁 五十 75后 5",
    "55岁以上": "60 60以上 55+ 65后 6 f 98岁 55岁以上 1960年出生",
}
NO_AGES = (
    "属兔 奔三 0 0岁 200 200岁 98 999 1850年出生 永远18 三十而立 快30了 保密 你猜 杭州 2027年出生 25-45 30多 35以上 "
    "1998年13月 永远十八岁 28个 8888888888 28岁的弟弟"
)


@pytest.mark.parametrize(("text", "value"), [(text, value) for value, said in AGES.items() for text in said.split()])
def test_ages(text: str, value: str) -> None:
    answer = read_answer("age", text, TABLES, TODAY)
    assert answer is not None
    assert (answer.value, answer.minor) == (value, None)


@pytest.mark.parametrize("text", NO_AGES.split())
def test_what_is_no_age(text: str) -> None:
    assert read_answer("age", text, TABLES, TODAY) is None


@pytest.mark.parametrize(
    ("text", "minor", "age"),
    [
        ("7", "under14", 7), ("13岁", "under14", 13), ("十三", "under14", 13), ("我今年12岁了", "under14", 12),
        ("3岁", "under14", 3), ("2014年出生", "under14", 12), ("2012-03-02", "under14", 13), ("15后", "under14", None),
        ("未满14岁", "under14", None), ("2012年出生", "under14", 13), ("14", "14-17", 14), ("17岁", "14-17", 17),
        ("2012-03-01", "14-17", 14), ("2008-03-02", "14-17", 17), ("2010年", "14-17", 16), ("2008年", "14-17", 17),
        ("1", "14-17", None), ("14-17岁", "14-17", None), ("十六七岁", "14-17", None), ("2008-03-01", None, 18),
        ("2007年", None, 19), ("10后", "unclear", None), ("未成年", "unclear", None), ("18岁以下", "unclear", None),
        ("不满18", "unclear", None), ("虚岁15", "14-17", 14),
    ],
)  # fmt: skip
def test_minors_are_recognised(text: str, minor: str | None, age: int | None) -> None:
    answer = read_answer("age", text, TABLES, TODAY)
    assert answer is not None
    assert (answer.minor, answer.exact_age) == (minor, age)
    assert answer.value == {"under14": None, "unclear": None, "14-17": "18岁以下", None: "18-24岁"}[minor]


def test_a_decade_moves_with_the_year() -> None:
    def decade(text: str, year: int) -> Answer | None:
        return read_answer("age", text, TABLES, date(year, 6, 1))

    assert decade("00后", 2026) == Answer("18-24岁")
    assert decade("00后", 2032) == Answer("25-34岁")
    assert decade("10后", 2034) == Answer("18-24岁")
    assert decade("05后", 2024) == Answer("18岁以下", "14-17")


SAID = {
    ("gender", "男"): "男 男生 小哥哥 男的 ♂ M boy 1 我是男生 先生 第一个 性别男 男生一枚 ｍａｌｅ",
    ("gender", "女"): "女 女生 妹子 女的 ♀ F girl 2 B 我是女的 小仙女 女生👧 萌妹子一枚",
    ("gender", None): "不男不女 武装直升机 男女都行 3 猜 人妖 28",
    ("region", "新一线城市-杭州"): "杭州 坐标杭州 我在杭州 浙江杭州 杭州！ 目前在杭州工作",
    ("region", None): "1 好玩 朝阳 你猜",
    (
        "occupation",
        "互联网/IT",
    ): "码农 程序员 产品经理 IT it 互联网/IT 1 A 做IT的 后端开发工程师 银行程序员 C++ 我是一名前端 敲代码的",
    ("occupation", "教育"): "老师 小学语文老师 教书的 我是一名高中数学老师 2 幼师",
    ("occupation", "医疗"): "护士 医生 在医院上班 医药代表",
    ("occupation", "金融"): "银行 在银行做柜台 会计 卖保险的",
    ("occupation", "制造"): "打螺丝的 机械工程师 电焊工 工厂",
    ("occupation", "电商零售"): "开网店 淘宝店主 做生意的 开网店的",
    ("occupation", "学生"): "大学生 学生党 在读研究生 考研 大三",
    ("occupation", "自由职业"): "自由职业 自媒体 插画师 freelancer",
    ("occupation", "公务员事业单位"): "公务员 事业编 体制内 公务员/事业单位 9 警察",
    ("occupation", "其他"): "其他 10 律师 驯兽师 土木工程师 退休 全职妈妈 殡葬师 无业 送外卖的",
    ("occupation", None): "我老公是老师 不是学生 哈哈哈 会员 11 你好 成员",
}


@pytest.mark.parametrize(
    ("question", "text", "value"), [(q, text, value) for (q, value), said in SAID.items() for text in said.split()]
)
def test_the_other_questions(question: str, text: str, value: str | None) -> None:
    answer = read_answer(question, text, TABLES, TODAY)
    assert (answer.value if answer else None) == value


def test_an_answer_may_stand_among_other_words() -> None:
    assert read_answer("age", "@群标 我是小王，28岁", TABLES, TODAY) == Answer("25-34岁", None, 28)
    assert read_answer("region", "哈哈，坐标杭州", TABLES, TODAY) == Answer("新一线城市-杭州")
    assert read_answer("region", "哈哈，坐标杭州", TABLES, TODAY, strict=True) is None


def test_pupils_may_be_children() -> None:
    assert read_answer("occupation", "初中生", TABLES, TODAY) == Answer("学生", "unclear")


def test_an_unknown_question_has_no_answer() -> None:
    assert read_answer("shoe_size", "42", TABLES, TODAY) is None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("跳过", "skip"), ("跳过吧～", "skip"), ("不想说", "skip"), ("保密", "skip"), ("PASS", "skip"),
        ("上一题", "back"),
        ("返回", "back"), ("退出", "quit"), ("不填了", "quit"), ("问卷", "restart"), ("@群标 问卷", "restart"),
        ("「跳过」", "skip"), ("我跳过了一顿饭", None), ("", None), ("问卷调查在哪", None),
    ],
)  # fmt: skip
def test_steering_words(text: str, wish: str | None) -> None:
    assert read_steering(text, TABLES.steering) == wish


@pytest.mark.parametrize(
    ("text", "agreed"),
    [
        *((text, True) for text in "同意 好的 可以 行 OK ok！ 没问题 好的，同意 是的 愿意呀 １ 「同意」 嗯嗯".split()),
        *((text, False) for text in "不同意 不 算了 拒绝 不要 不用了 否 no 2 我不同意 好吧，不了".split()),
        *((text, None) for text in "也许吧 为什么 同意你的看法 可以吗 28 好难 不好说 杭州".split()),
    ],
)
def test_consent_words(text: str, agreed: bool | None) -> None:
    assert read_consent(text, TABLES.steering) is agreed


def test_a_child_is_heard_in_any_text() -> None:
    assert states_child("嗯，我12岁", TODAY)
    assert states_child("我2014年出生", TODAY)
    assert not states_child("12", TODAY)
    assert not states_child("我弟弟12岁", TODAY)


def test_numbers() -> None:
    assert [read_number(text) for text in ("28", "二十", "十八", "廿八", "九五", "一九九八", "〇五")] == [
        28, 20, 18, 28, 95, 1998, 5,
    ]  # fmt: skip
    assert [read_number(text) for text in ("", "二八十", "1e3", "12345", "²")] == [None] * 5
    assert [read_choice(text, 3) for text in ("1", "c", "第二个", "4", "0", "z", "三")] == [
        0,
        2,
        1,
        None,
        None,
        None,
        2,
    ]


QUESTIONS = st.sampled_from(["age", "gender", "region", "occupation"])


@settings(max_examples=300, deadline=None)
@given(QUESTIONS, st.text(max_size=150) | st.text("0123456789一二十零岁后年月日我是的男女坐标-/.~", max_size=40))
def test_no_text_raises_and_every_answer_is_whole(question: str, text: str) -> None:
    answer = read_answer(question, text, TABLES, TODAY)
    assert answer is None or answer.value or answer.minor in ("under14", "unclear")
    read_steering(text, TABLES.steering)
    read_consent(text, TABLES.steering)
    states_child(text, TODAY)


@pytest.mark.parametrize(
    "char", ["我", "是", "一", "9", "不", "\x00", "\ud800", "ﷺ", "的", "😀", "在", ",", "(", "十", "年", "@", " "]
)
def test_a_megabyte_is_read_at_once(char: str) -> None:
    text = char * 1_000_000
    start = time.process_time()
    for question in ("age", "gender", "region", "occupation"):
        read_answer(question, text, TABLES, TODAY)
        read_answer(question, char * 118, TABLES, TODAY)
    states_child(text, TODAY)
    assert time.process_time() - start < 0.5
