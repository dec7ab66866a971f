"""Tables from offices in, as Excel or CSV files have them; and empty ones to fill in."""

from studioflow.documents.tables.reading import (
    FactTable,
    RecordTable,
    read_facts,
    read_people,
    read_records,
)
from studioflow.documents.tables.templates import table_template

__all__ = [
    "FactTable",
    "RecordTable",
    "read_facts",
    "read_people",
    "read_records",
    "table_template",
]
