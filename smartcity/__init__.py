"""Backend of a Vietnamese province's citizen app."""

import gc

gc.set_threshold(10_000, 20, 20)  # looking for garbage while importing takes a quarter of a start
