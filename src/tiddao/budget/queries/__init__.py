"""Reads of the treasury's series; frozen dataclasses shared by command line, JSON and pages."""
