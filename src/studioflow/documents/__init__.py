"""Documents: forms, lists and reports on paper and on screens, and tables from offices."""
