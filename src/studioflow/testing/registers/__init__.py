"""What every register keeps to, as tests for whoever writes one of their own.

Subclass `RegisterConformance` under a name with `Test`, say how to reach an empty register, and
pytest runs all of it:

    class TestMine(RegisterConformance):
        @pytest.fixture
        def connect(self, tmp_path):
            return lambda: MyRegister(tmp_path / "register")

Each thread of a race calls `connect` once, so it may be as many connections as threads. Random use
against a naive model is `RegisterMachine`: override `make`, and give its `TestCase` to pytest.

It needs the extra `testing`.
"""

from studioflow.errors import MissingExtraError

try:
    import hypothesis  # noqa: F401 - only whether it is there
    import pytest
except ImportError as error:
    raise MissingExtraError("testing") from error

# Their assertions say what they compared, as those in a test module do.
_PARTS = ("amendments", "conformance", "machine", "races", "slots", "telling", "wholes")
pytest.register_assert_rewrite(*(f"{__name__}.{part}" for part in _PARTS))

from studioflow.testing.registers.conformance import RegisterConformance  # noqa: E402 - after that
from studioflow.testing.registers.machine import RegisterMachine  # noqa: E402 - after that

__all__ = ["RegisterConformance", "RegisterMachine"]
