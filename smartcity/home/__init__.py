"""The phone's first screen, app configuration and offline delta: composed from the domains."""
