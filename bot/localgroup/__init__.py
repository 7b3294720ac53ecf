"""The embedded local group: a wechaty puppet in this process, so that the bot runs without a WeChat account."""
