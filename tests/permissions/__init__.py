"""The matrix of permissions: who may call what, for every route there is."""
