"""Refusals: what is told to a person in one line instead of a traceback."""

from __future__ import annotations

import errno
import socket


class Refused(Exception):
    """The request cannot be carried out; str() is one Chinese line for the person who asked."""


class BadInput(Refused):
    """What was given is malformed; the line names the file, line or field."""


_WHY = {
    errno.ENOENT: "没有这个文件或目录",
    errno.ENOTDIR: "路径里有一段不是目录",
    errno.EISDIR: "这是一个目录",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "文件系统是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EFBIG: "文件太大",
    errno.ENAMETOOLONG: "名字太长",
    errno.ELOOP: "链接绕成了圈",
    errno.EEXIST: "已经存在",
    errno.EMFILE: "打开的文件太多",
    errno.EIO: "磁盘读写出错",
    errno.EADDRINUSE: "端口被占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    errno.ECONNREFUSED: "对方拒绝连接",
    errno.ETIMEDOUT: "超时",
}


def why(error: OSError) -> str:
    """What the operating system refused, in Chinese; a rare one by its number."""
    if isinstance(error, socket.gaierror):
        return "没有这台主机"
    return _WHY.get(error.errno or 0) or f"系统错误 {error.errno or type(error).__name__}"
