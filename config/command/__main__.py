"""`python -m config.command` is `yiwang` where the program is not installed."""

from . import main

main()
