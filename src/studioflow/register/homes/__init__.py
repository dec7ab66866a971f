"""The homes of a register: SQLite, and whatever connection somebody brings.

Each is imported where it is used, since some need an extra.
"""
