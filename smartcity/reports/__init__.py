"""Field reports (phản ánh hiện trường): one workflow table, one append-only history."""
