"""Firebase Cloud Messaging, HTTP v1: one message through the SDK, thousands over HTTP/2."""
