"""Contests (cuộc thi tìm hiểu): questions, attempts against the clock, a ranking, winners."""
