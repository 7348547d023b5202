"""The command line. stdout carries data, stderr carries text for people.

Exit codes: 0 fine, 1 some input failed (the rest was done), 2 usage or settings, 3 no broker.
"""

from pipeline.cli.main import main

__all__ = ["main"]
