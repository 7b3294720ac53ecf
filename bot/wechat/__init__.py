"""WeChat through wechaty; nothing outside this package imports wechaty itself (see library.py and compat.py)."""
