"""The laboratory: what follows from a policy, and from changing it."""

__all__: list[str] = []
