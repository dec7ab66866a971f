"""Reports: a batch, and a comparison of two policies, as papers."""

from studioflow.documents.report.batch import batch_report
from studioflow.documents.report.comparison import comparison_report
from studioflow.documents.report.sheet import studio_sheet

__all__ = ["batch_report", "comparison_report", "studio_sheet"]
