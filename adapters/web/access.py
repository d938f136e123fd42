"""What whoever runs the program sets."""

from __future__ import annotations

from bot.schema import PublicAddress


class WebSettings(PublicAddress):
    """The page's host and port are said on the command line."""
