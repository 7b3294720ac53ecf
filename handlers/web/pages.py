"""Pages for people: templates and style of the configuration folder, and headers that let nothing else in or out.

Every word a person reads stands in `config/pages`; a deployment's own folder may replace any file of it. Jinja is
loaded with the first page, so that a bot nobody looks at does without.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi.responses import HTMLResponse

from bot.errors import BadInput
from config.settings import PACKAGED_CONFIG

if TYPE_CHECKING:
    from jinja2 import Environment

HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_POLICY = "default-src 'none'; style-src 'nonce-{0}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_POLICY_WITH_SCRIPT = _POLICY + "; script-src 'nonce-{0}'; connect-src 'self'"


@dataclass(frozen=True, slots=True)
class View:
    """A page to be shown: the template's name and its values, gathered while the database is open."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Pages:
    """The templates of one deployment."""

    def __init__(self, config_dir: Path) -> None:
        self._folders = list(dict.fromkeys((config_dir / "pages", PACKAGED_CONFIG / "pages")))

    def show(self, view: View) -> HTMLResponse:
        return self.render(view.name, **view.values)

    def render(self, template: str, /, status: int = 200, *, script: bool = False, **values: Any) -> HTMLResponse:
        """A page out of `template`.html. script: it brings a script of its own."""
        nonce = secrets.token_urlsafe(16)
        policy = (_POLICY_WITH_SCRIPT if script else _POLICY).format(nonce)
        text = self._templates.get_template(f"{template}.html").render(nonce=nonce, **values)
        return HTMLResponse(text, status, {**HEADERS, "Content-Security-Policy": policy})

    def check(self) -> None:
        """Raises BadInput naming a template that cannot be read, and where."""
        from jinja2 import TemplateSyntaxError

        for name in self._templates.list_templates(extensions=["html"]):
            try:
                self._templates.get_template(name)
            except TemplateSyntaxError as error:
                raise BadInput(f"pages/{error.name or name} 第 {error.lineno} 行写法不对") from None
            except (OSError, UnicodeDecodeError):
                raise BadInput(f"pages/{name} 读不出来，应是 UTF-8 文本") from None

    @cached_property
    def _templates(self) -> Environment:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        return Environment(
            loader=FileSystemLoader(self._folders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
