"""Yongjia county's policy for master-teacher studios."""

__all__: list[str] = []
