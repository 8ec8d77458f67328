"""By when: limits, extensions, reminders and escalation."""
