"""``python -m bot`` is ``newsthread``."""

import sys

from bot.cli import main

sys.exit(main())
