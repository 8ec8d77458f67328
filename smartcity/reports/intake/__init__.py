"""How reports come in: filed, placed, routed, looked at."""
