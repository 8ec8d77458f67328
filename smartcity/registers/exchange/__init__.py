"""Records of a register as files bring them and take them away."""
