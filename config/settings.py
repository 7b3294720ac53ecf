"""Settings of one deployment, from the environment or `.env`: addresses, tokens, places. They are not rules."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.errors import BadInput, why
from config.refusal import reason
from config.tag_file import Role

PACKAGED_CONFIG = Path(__file__).parent
_ADDRESS = re.compile(r"https?://[^\s/?#@]+(?:/[^\s?#]*)?", re.IGNORECASE)


class Settings(BaseSettings):
    """Every variable of CONTRACT "Settings"; unset ones take the embedded defaults."""

    model_config = SettingsConfigDict(env_prefix="BOT_", env_file=".env", extra="ignore", env_ignore_empty=True)

    database_url: str = "sqlite:///data/bot.db"
    mode: Literal["observe", "assist", "auto"] | None = None
    timezone: str = "Asia/Shanghai"
    config_dir: Path = PACKAGED_CONFIG
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: str | None = None
    page_hours: Annotated[int, Field(ge=1, le=168)] = 24
    login_minutes: Annotated[int, Field(ge=1, le=60)] = 10
    session_minutes: Annotated[int, Field(ge=5, le=1440)] = 30
    secret: SecretStr | None = None
    directors: Annotated[tuple[str, ...], NoDecode] = ()
    ip_db: Path | None = None
    tokenizer: Literal["jieba", "rjieba"] = "jieba"
    crm_url: str | None = None
    crm_role: Role = "观察员"
    crm_system: str | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    log_format: Literal["text", "json"] = "text"
    log_file: Path | None = None
    log_megabytes: Annotated[int, Field(ge=1, le=1000)] = 10
    log_files: Annotated[int, Field(ge=1, le=100)] = 5
    log_text: bool = False
    puppet_token: SecretStr | None = Field(default=None, validation_alias="WECHATY_PUPPET_SERVICE_TOKEN")
    puppet_endpoint: str | None = Field(default=None, validation_alias="WECHATY_PUPPET_SERVICE_ENDPOINT")

    @field_validator("directors", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Contact ids, separated by commas or blanks."""
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("public_url")
    @classmethod
    def _whole_address(cls, value: str | None) -> str | None:
        """It is put in front of the paths of links, so it has neither a query nor a slash at the end."""
        if value is not None and not _ADDRESS.fullmatch(value):
            raise ValueError("应为 http(s)://主机[:端口][/路径]，不含空格、? 和 #")
        return value if value is None else value.rstrip("/")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
            raise ValueError(f"没有这个时区：{value}") from None
        return value

    @field_validator("crm_url")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        """Where webhooks go: a whole http(s) address without a password in it."""
        parts = urlsplit(value or "")
        if value is not None and (parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc):
            raise ValueError("应为 http(s)://主机/路径，不带用户名和密码")
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def model_file(self) -> Path:
        """The trained text models."""
        return self._own_or_packaged("text.model")

    @property
    def frozen_file(self) -> Path:
        """Texts on which a learned change is tried."""
        return self._own_or_packaged("frozen.tsv")

    def _own_or_packaged(self, name: str) -> Path:
        """A file of models: the configuration's own, else that which comes with the program."""
        own = self.config_dir / "models" / name
        return own if own.exists() else PACKAGED_CONFIG / "models" / name

    @property
    def on_wechat(self) -> bool:
        """Whether both halves of the gateway's address are given."""
        return self.puppet_token is not None and self.puppet_endpoint is not None


def load_settings() -> Settings:
    """Read the environment and `.env`. Raises BadInput naming the variable."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"环境变量 {_variable(first['loc'])}：{reason(first)}") from None
    except UnicodeDecodeError:
        raise BadInput(".env：不是 UTF-8 文本") from None
    except OSError as error:
        raise BadInput(f".env：读不出来（{why(error)}）") from None


def _variable(place: tuple[int | str, ...]) -> str:
    name = str(place[0]) if place else "?"
    return name if name.isupper() else f"BOT_{name.upper()}"
