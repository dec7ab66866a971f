"""What the package itself promises to a type checker."""

from typing import assert_type

import studioflow

assert_type(studioflow.__version__, str)
