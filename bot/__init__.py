"""Newsthread: a self-hosted Discord bot that mirrors news as forum-like threads."""

__version__ = "0.1.0"
