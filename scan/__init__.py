"""Scanners against the running demonstration, on this machine alone: `make scan`. Nothing of the house imports this."""
