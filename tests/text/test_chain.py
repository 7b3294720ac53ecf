"""接龙, and what only looks like one."""

from __future__ import annotations

import pytest

from bot.text.chain import is_chain
from bot.text.normalise import fold


@pytest.mark.parametrize(
    "text",
    [
        "#接龙\n周六羽毛球\n\n1. 小王",
        "＃接龙\n团购鸡蛋，周五送到\n\n1. 3-2-501 两盒\n2. 5-1-202 一盒\n3. 王姐 三盒",
        "1. 小王\n2. 小李\n3. 小张",
        "报名接龙：\n1、小王\n2、小李+1",
        "体温登记\n1） 小王 36.5\n2） 小李 36.4\n3） 小张 36.6",
        "1.\u3000小王\n2.\u3000小李\n3.\u3000小张",
    ],
)
def test_chains(text: str) -> None:
    assert is_chain(fold(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "接龙",
        "#接龙",
        "#接龙 大家快来买",
        "大家接龙一下",
        "1. 小王",
        "1. 小王\n2. 小李",
        "3. 小王\n7. 小李\n9. 小张",
        "2024年\n1. 小王\n3. 小张\n2. 小李",
        "1. " + "首先打开设置页面然后点击导出按钮并等待" * 2 + "\n2. 完成\n3. 结束",
        "今天\n明天\n后天",
    ],
)
def test_no_chains(text: str) -> None:
    assert not is_chain(fold(text))
