"""The pages of casework, by page."""
