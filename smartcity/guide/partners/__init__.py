"""Links out: taxis, tickets, hotels, local products; only to hosts that the city has listed."""
