"""Report -> text, pure; one file a format."""
