"""`python -m harmonize`."""

import sys

from .cli import main

sys.exit(main())
