"""Surveys (khảo sát): asked in a window, answered once an account, shown as figures."""
