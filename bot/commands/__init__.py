"""What the commands besides ``run`` do; each module is one command, called by ``bot.cli``."""
