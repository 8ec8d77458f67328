"""The weather and the air over the province, hour by hour."""
