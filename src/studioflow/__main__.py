"""`python -m studioflow` is the command `studioflow`."""

import sys

from studioflow.cli import main

sys.exit(main())
