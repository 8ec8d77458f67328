"""Registers: records that officers keep and the public reads, each kind with fields of its own."""
