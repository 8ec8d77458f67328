"""The durable queue: a job is a row written by the transaction that causes it."""
