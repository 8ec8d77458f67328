"""The demonstration: every process on one machine, and the main job told as a story."""
