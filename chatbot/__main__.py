"""`python -m chatbot` is `commit-digest`."""

import sys

from chatbot.cli import main

sys.exit(main())
