"""Strangers' text made safe and readable: HTML to Discord Markdown, escaping, cutting, drafts of posts.

Pure: values in, values out. Nothing here does I/O, knows discord.py, or keeps state between calls, and every
function takes time linear in its input, whatever a feed sends.
"""
