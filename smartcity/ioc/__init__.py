"""Deliveries to operations centres (trung tâm điều hành) and their callbacks."""
