"""How much each scenario bears."""

EVENTS = 1_000
WORST = 10_000  # events of the three worst
KILLS = 50
