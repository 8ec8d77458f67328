"""How much each scenario bears."""

EVENTS = 1_000
WORST = 10_000  # events of the three worst
KILLS = 50
SUSTAINED = 10.0  # events a second that two cores carry through with everything beside them
