"""`python -m pipeline` is `copytaster`."""

from pipeline.cli import main

main()
