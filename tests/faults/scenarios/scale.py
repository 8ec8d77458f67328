"""How much each scenario bears."""

import os

EVENTS = 1_000
WORST = 10_000  # events of the three worst
KILLS = 50
SUSTAINED = 10.0  # events a second that two cores carry through with everything beside them
SHARE = float(os.environ.get("CAMPAIGN_SHARE", "1"))  # of the phones below, for a first try
CROWD = int(100_000 * SHARE)  # phones of the campaign whose workers are killed
PHONES = int(20_000 * SHARE)  # of the other campaigns
