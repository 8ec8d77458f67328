"""One file per outside system; its errors say only retry (Temporary) or not (Permanent)."""
