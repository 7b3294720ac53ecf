"""Sending what is no text: a picture from a file, a card that links somewhere, a contact card."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from bot.core.attachments import Attachment, Card, Image, Link, fault_of, picture_type
from bot.ports import Address, SendRefused, SendUnknown
from bot.wechat.bot import Bot
from bot.wechat.library import FileBox
from bot.wechat.sender import certainly


async def show(bot: Bot, to: Address, attachment: Attachment) -> str:
    """Send it; returns the platform's message id.

    A gateway that answers without an id may have done nothing at all: puppets that cannot send a kind often say so by
    silence. Raises SendRefused when it certainly did not leave, SendUnknown when that cannot be known.
    """
    sent = str(await certainly(_call(bot.puppet, to.id, attachment)) or "")
    if not sent:
        raise SendUnknown("网关没有给出消息编号，可能不支持")
    return sent


def _call(puppet: Any, conversation: str, attachment: Attachment) -> Awaitable[Any]:
    match attachment:
        case Image():
            return puppet.message_send_file(conversation, _file(attachment))
        case Link():
            return puppet.message_send_url(conversation, _card(attachment))
        case Card():
            return puppet.message_send_contact(attachment.contact, conversation)


def _file(image: Image) -> Any:
    """Raises SendRefused for a file that is gone or has become one that cannot be sent."""
    try:
        content = Path(image.path).read_bytes()
    except OSError:
        raise SendRefused(f"附件“{image.name}”的文件读不了") from None
    if fault := fault_of(content, len(content)):
        raise SendRefused(f"附件“{image.name}”的文件{fault}")
    # Whatever the file is called, its ending must fit: gateways choose picture or attachment by it.
    return FileBox.from_buffer(content, Path(image.path).stem + (picture_type(content) or ""))


def _card(link: Link) -> str:
    payload = {"url": link.url, "title": link.title, "description": link.description, "thumbnailUrl": link.picture}
    return json.dumps({key: value for key, value in payload.items() if value}, ensure_ascii=False)
