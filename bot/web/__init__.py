"""The site: the web chat and, later, the staff console."""
