"""Notices: public lists, bulletins, award records, indicators and highlights, as papers."""

from studioflow.documents.notices.awards import award_record
from studioflow.documents.notices.bulletin import bulletin_paper
from studioflow.documents.notices.highlights import highlights
from studioflow.documents.notices.indicators import Indicator, indicator_export, indicators
from studioflow.documents.notices.public_list import public_list

__all__ = [
    "Indicator",
    "award_record",
    "bulletin_paper",
    "highlights",
    "indicator_export",
    "indicators",
    "public_list",
]
