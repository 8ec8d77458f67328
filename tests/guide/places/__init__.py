"""Tests of the places of the guide."""
