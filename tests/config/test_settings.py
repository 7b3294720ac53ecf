"""Settings come from the environment and `.env`; what is wrong is named in Chinese, secrets are not repeated."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.errors import BadInput
from config.settings import PACKAGED_CONFIG, load_settings


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder without `.env`, and none of our variables set."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith(("BOT_", "WECHATY_"))]:
        monkeypatch.delenv(name)


def test_embedded_defaults() -> None:
    settings = load_settings()
    assert settings.database_url == "sqlite:///data/bot.db"
    assert settings.config_dir == PACKAGED_CONFIG
    assert (settings.http_host, settings.http_port, settings.zone.key) == ("127.0.0.1", 8080, "Asia/Shanghai")
    assert settings.mode is None
    assert not settings.on_wechat


def test_both_halves_of_the_gateway_mean_wechat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_TOKEN", "geheim")
    assert not load_settings().on_wechat
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_ENDPOINT", "127.0.0.1:9999")
    assert load_settings().on_wechat
    assert "geheim" not in repr(load_settings())


def test_the_environment_wins_over_the_file_and_an_empty_value_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("\ufeffBOT_MODE=auto\nBOT_HTTP_PORT=9000\nBOT_DIRECTORS=甲, 乙  丙,\nPATH_X=1\n")
    monkeypatch.setenv("BOT_HTTP_PORT", "9001")
    monkeypatch.setenv("BOT_TIMEZONE", "")
    settings = load_settings()
    assert (settings.mode, settings.http_port, settings.timezone) == ("auto", 9001, "Asia/Shanghai")
    assert settings.directors == ("甲", "乙", "丙")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BOT_HTTP_PORT", "x", "BOT_HTTP_PORT：须为整数"),
        ("BOT_HTTP_PORT", "70000", "BOT_HTTP_PORT：最大 65535"),
        ("BOT_HTTP_PORT", "-1", "BOT_HTTP_PORT：最小 0"),
        ("BOT_MODE", "loud", "BOT_MODE：只能是 observe、assist、auto"),
        ("BOT_LOG_FORMAT", "xml", "BOT_LOG_FORMAT：只能是 text、json"),
        ("BOT_LOG_MEGABYTES", "0", "BOT_LOG_MEGABYTES：最小 1"),
        ("BOT_LOG_TEXT", "maybe", "BOT_LOG_TEXT：须为 true 或 false"),
        ("BOT_TOKENIZER", "x", "BOT_TOKENIZER：只能是 jieba、rjieba"),
        ("BOT_TIMEZONE", "Mars/Base", "BOT_TIMEZONE：没有这个时区：Mars/Base"),
        ("BOT_TIMEZONE", "Asia", "BOT_TIMEZONE：没有这个时区：Asia"),
        ("BOT_TIMEZONE", "../../etc/passwd", "BOT_TIMEZONE：没有这个时区"),
        ("BOT_PUBLIC_URL", "bot.example.com", "BOT_PUBLIC_URL：应为 http"),
        ("BOT_PUBLIC_URL", "https://a.example/?x=", "BOT_PUBLIC_URL：应为 http"),
        ("BOT_PUBLIC_URL", "https://me@a.example", "BOT_PUBLIC_URL：应为 http"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadInput, match=told):
        load_settings()


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("BOT_DIRECTORS=甲".encode("gbk"))
    with pytest.raises(BadInput, match=r"\.env：不是 UTF-8 文本"):
        load_settings()
