"""Self-introductions: what authors say of themselves is read, what they say of others, ask or wish is not."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.answers import Answer, AnswerTables
from bot.core.introduction import may_introduce, read_introduction
from config.onboarding import load_onboarding

TODAY = date(2026, 3, 1)
CONFIG = Path(__file__).parents[2] / "config"
TABLES: AnswerTables = load_onboarding(CONFIG).questionnaire.tables

jieba.setLogLevel(logging.WARNING)
_TOKENIZER = jieba.Tokenizer()


def introduce(text: str) -> dict[str, Answer]:
    return read_introduction(text, _TOKENIZER.lcut(text), TABLES, TODAY)


def values(text: str) -> dict[str, str | None]:
    return {name: answer.value for name, answer in introduce(text).items()}


HZ, CD = "新一线城市-杭州", "新一线城市-成都"
BJ, SH, SZ, GZ = "一线城市-北京", "一线城市-上海", "一线城市-深圳", "一线城市-广州"
IT = "互联网/IT"

POSITIVE = [
    ("大家好，我是小王，95后，坐标杭州，做产品经理", {"age": "25-34岁", "region": HZ, "occupation": IT}),
    ("坐标杭州", {"region": HZ}),
    ("坐标：上海；职业：老师；年龄：28", {"age": "25-34岁", "region": SH, "occupation": "教育"}),
    ("我是95后", {"age": "25-34岁"}),
    ("我今年28岁", {"age": "25-34岁"}),
    ("我今年二十八岁，在北京工作", {"age": "25-34岁", "region": BJ}),
    ("我来自湖南长沙", {"region": "新一线城市-长沙"}),
    ("我在杭州做产品经理", {"region": HZ, "occupation": IT}),
    ("我是做前端开发的", {"occupation": IT}),
    ("我是一名小学语文老师", {"occupation": "教育"}),
    ("我是杭州的95后程序员", {"region": HZ, "age": "25-34岁", "occupation": IT}),
    ("本人女，24岁，在成都做护士", {"gender": "女", "age": "18-24岁", "region": CD, "occupation": "医疗"}),
    ("新人报到：男，28，坐标深圳，IT", {"gender": "男", "age": "25-34岁", "region": SZ, "occupation": IT}),
    ("95后/坐标成都/设计师", {"age": "25-34岁", "region": CD, "occupation": "其他"}),
    ("大家好，我叫小李，96年的，目前在苏州", {"age": "25-34岁", "region": "新一线城市-苏州"}),
    ("各位好，90后宝妈一枚，坐标武汉", {"age": "25-34岁", "occupation": "其他", "region": "新一线城市-武汉"}),
    ("萌新报道，00后，大学生，坐标西安", {"age": "18-24岁", "occupation": "学生", "region": "新一线城市-西安"}),
    ("我是小王，95后，杭州，程序员", {"age": "25-34岁", "region": HZ, "occupation": IT}),
    ("我叫小张，85后，广州，开网店的", {"age": "35-44岁", "region": GZ, "occupation": "电商零售"}),
    ("大家好！我是小陈😀 坐标重庆，公务员", {"region": "新一线城市-重庆", "occupation": "公务员事业单位"}),
    ("大家好\n我叫阿明\n坐标广州\n做电商", {"region": GZ, "occupation": "电商零售"}),
    ("我在深圳上班，做算法工程师", {"region": SZ, "occupation": IT}),
    ("本人在上海工作", {"region": SH}),
    ("坐标美国，码农", {"region": "海外-美国", "occupation": IT}),
    ("坐标纽约", {"region": "海外-美国"}),
    ("我是公务员", {"occupation": "公务员事业单位"}),
    ("我在银行工作", {"occupation": "金融"}),
    ("我是医生", {"occupation": "医疗"}),
    ("base北京，我是做后端的", {"region": BJ, "occupation": IT}),
    ("我是杭州人", {"region": HZ}),
    ("坐标浙江省杭州市西湖区", {"region": HZ}),
    ("大家好，我今年17岁，高中生", {"age": "18岁以下", "occupation": "学生"}),
    ("自我介绍一下：1998年出生，坐标南京，会计", {"age": "25-34岁", "region": "新一线城市-南京", "occupation": "金融"}),
    ("新人报到 坐标青岛 九五后 律师", {"region": "新一线城市-青岛", "age": "25-34岁", "occupation": "其他"}),
    ("我是男生，我28岁", {"gender": "男", "age": "25-34岁"}),
    ("现居成都，自由职业", {"region": CD, "occupation": "自由职业"}),
    ("我98年的，你们呢？", {"age": "25-34岁"}),
]

NEGATIVE = [
    text
    for line in """
我弟弟95后|我弟弟，95后，在杭州做程序员|杭州好玩吗|我妈是老师|坐标系怎么画|坐标轴在哪
想去北京|他在上海|我想去北京|我要去杭州出差|我在上海等你|我在上海出差|我在医院|我在银行
我在北京|我是说，杭州挺好|我同事是95后|95后真卷|现在的00后都这样吗|我是觉得，杭州不错
我是老师推荐来的|我是学生的时候就来了|我要是老师就好了|我不是程序员|我是程序员的老婆
她是护士，28岁|你是程序员吗？|我是程序员吗？|谁在杭州？|我叫了外卖|我叫他来杭州|坐标
我12岁就开始写代码|我95年毕业|95年的老歌真好听|我是来找老师的|我喜欢杭州|我去过成都
我男朋友在深圳，做产品经理|大家好，请问北京天气怎么样|大家好，我想问一下产品经理好做吗
群里有杭州的吗|我在看产品经理的书|我老家在哪你猜|我爱北京天安门|我的朋友坐标杭州，95后|28
程序员|杭州|女|老师好|我是你爸爸|我是重庆火锅爱好者|我是群主|俺也一样|我在成都了，一会就回家了
大家好，我换号了，武汉|我在北京的|大家好，杭州|我儿子12岁|大家好，我儿子12岁，我闺女8岁
我在学校|我是第28名|我在杭州西站等车|我是听老师说的|以后，杭州见|我是假的
我今天在公司，28度，北京好热|本人已死，有事烧纸|我买了95后的书|我来了|我在|我是
""".splitlines()
    for text in line.split("|")
]


@pytest.mark.parametrize(("text", "expected"), POSITIVE)
def test_facts_about_oneself_are_read(text: str, expected: dict[str, str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize("text", NEGATIVE)
def test_other_talk_yields_nothing(text: str) -> None:
    assert values(text) == {}


def test_a_child_is_recognised() -> None:
    assert introduce("大家好，我12岁，坐标杭州")["age"] == Answer(None, "under14", 12)
    assert introduce("我是10后")["age"].minor == "unclear"
    assert introduce("大家好，我今年15岁")["age"].minor == "14-17"


def test_the_year_is_an_argument() -> None:
    then = read_introduction("我是95后", [], TABLES, date(2016, 1, 1))
    assert then["age"].value == "18-24岁"


@pytest.mark.parametrize("text", ["哈哈哈", "今天吃什么", "收到", "这个链接打不开", "https://example.com/a?b=1"])
def test_ordinary_messages_stop_at_the_first_question(text: str) -> None:
    assert not may_introduce(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["我是", "坐标", "大家好，", "我今年", "本人"]))
def test_no_text_raises(text: str, start: str) -> None:
    for name, answer in read_introduction(start + text, [text], TABLES, TODAY).items():
        assert name in ("age", "gender", "region", "occupation")
        assert answer.value or answer.minor
    read_introduction(start + "\x00\ud800" + text * 50, [], TABLES, TODAY)
