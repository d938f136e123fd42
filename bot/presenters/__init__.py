"""Builds what a listener sees, as `bot.views`, out of what the library knows."""
