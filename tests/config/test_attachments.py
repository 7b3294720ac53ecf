"""attachments.toml: read strictly; what cannot be sent is refused by name and field, and the file by its fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.attachments import MOST_BYTES, Card, Image, Link
from bot.errors import BadInput
from config.attachments import load_attachments
from config.campaigns import load_campaigns
from config.settings import PACKAGED_CONFIG

IMAGE = '[[image]]\nname = "群规"\nfile = "rules.png"\n'
LINK = '[[link]]\nname = "报名"\nurl = "https://example.com/a"\ntitle = "见面"\n'
CARD = '[[card]]\nname = "店长"\ncontact = "wxid_x"\n'
PNG = b"\x89PNG\r\n\x1a\n"


def write(folder: Path, content: str, picture: bytes | None = PNG) -> None:
    (folder / "attachments.toml").write_text(content, encoding="utf-8")
    if picture is not None:
        (folder / "rules.png").write_bytes(picture)


def test_each_kind_is_read_and_the_packaged_file_has_none(tmp_path: Path) -> None:
    write(tmp_path, 'welcome = "群规"\n' + IMAGE + LINK + CARD)
    found = load_attachments(tmp_path)
    assert found.welcome == "群规"
    assert list(found.by_name.values()) == [
        Image("群规", str((tmp_path / "rules.png").resolve())),
        Link("报名", "https://example.com/a", "见面"),
        Card("店长", "wxid_x"),
    ]
    assert load_attachments(PACKAGED_CONFIG).by_name == {}


@pytest.mark.parametrize(
    ("content", "picture", "told"),
    [
        (IMAGE, None, "image “群规”的 file“rules.png”读不了：没有这个文件"),
        (IMAGE, b"", "image “群规”的 file“rules.png”是空的"),
        (IMAGE, b"%PDF-1.7 words", "image “群规”的 file“rules.png”不是 PNG、JPEG 或 GIF"),
        (IMAGE, PNG + bytes(MOST_BYTES), "image “群规”的 file“rules.png”有 4.0 MB，最多 4 MB"),
        (IMAGE.replace("rules.png", "."), PNG, "image “群规”的 file“.”读不了：这是一个目录"),
        (LINK.replace("https:", "javascript:"), PNG, "link “报名”的 url 不是 http(s) 地址"),
        (LINK + 'picture = "a.png"\n', PNG, "link “报名”的 picture 不是"),
        (LINK.replace('title = "见面"\n', ""), PNG, "link.0.title"),
        (CARD.replace("店长", "店 长"), PNG, "card.0.name"),
        (IMAGE + CARD.replace("店长", "群规"), PNG, "“群规”写了两次"),
        ('welcome = "海报"\n' + IMAGE, PNG, "welcome：没有“海报”这个附件"),
        ("video = 1\n", PNG, "video 是未知的键"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_name(tmp_path: Path, content: str, picture: bytes | None, told: str) -> None:
    write(tmp_path, content, picture)
    with pytest.raises(BadInput, match=r"^attachments\.toml：") as refused:
        load_attachments(tmp_path)
    assert told in str(refused.value)


def test_a_campaign_names_one_that_is_there(tmp_path: Path) -> None:
    told = '[[campaign]]\nname = "见面"\nwhen = "地域=杭州"\ntext = "周六见"\nrepeat_days = 30\nattachment = "报名"\n'
    (tmp_path / "campaigns.toml").write_text(told, encoding="utf-8")
    with pytest.raises(BadInput, match="campaign “见面”的 attachment：没有“报名”这个附件"):
        load_campaigns(tmp_path, lambda name: name)
    write(tmp_path, LINK)
    assert load_campaigns(tmp_path, lambda name: name).standing[0].attachment == "报名"
