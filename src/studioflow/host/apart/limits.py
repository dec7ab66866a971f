"""How far an untrusted plugin may go."""

from __future__ import annotations

from attrs import field, frozen, validators

from studioflow.codec import MAX_BYTES

__all__ = ["Limits"]


@frozen(kw_only=True)
class Limits:
    """How far an untrusted plugin may go before it is stopped; each limit is above 0.

    Attributes:
        seconds: that it may take over an answer.
        cpu_seconds: of computing that it may take over an answer, all threads together.
        megabytes: of address space that its process may have.
        answer_bytes: that an answer may have.
        load_seconds: that its process may take to start and to load it, of computing as well.

    >>> Limits(seconds=0)
    Traceback (most recent call last):
      ...
    ValueError: 'seconds' must be > 0.0: 0
    """

    seconds: float = field(default=5.0, validator=validators.gt(0.0))
    cpu_seconds: float = field(default=5.0, validator=validators.gt(0.0))
    megabytes: int = field(default=512, validator=validators.gt(0))
    answer_bytes: int = field(default=MAX_BYTES, validator=validators.gt(0))
    load_seconds: float = field(default=30.0, validator=validators.gt(0.0))
